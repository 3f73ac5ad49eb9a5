"""A bound method is kept under a name, and a method is called on its class."""

# run: flow(1)

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


class Gateway:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)

    def undo(self, n: int) -> int:
        return refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    gateway = Gateway()
    charge = gateway.charge
    return charge(n) + Gateway.undo(gateway, n)

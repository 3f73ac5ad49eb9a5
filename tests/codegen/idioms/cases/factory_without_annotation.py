"""A factory without annotations makes a gateway."""

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


def factory():
    gateway = Gateway()
    return gateway


@DBOS.workflow()
def flow(n: int) -> int:
    gateway = factory()
    return gateway.charge(n)

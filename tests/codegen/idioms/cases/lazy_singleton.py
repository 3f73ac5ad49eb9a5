"""An object is made when it is first needed."""

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


_gateway = None


def gateway():
    global _gateway
    if _gateway is None:
        _gateway = Gateway()
    return _gateway


@DBOS.workflow()
def flow(n: int) -> int:
    return gateway().charge(n)

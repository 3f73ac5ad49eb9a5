"""A factory with an annotation makes a gateway."""

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


def factory() -> Gateway:
    return Gateway()


@DBOS.workflow()
def flow(n: int) -> int:
    return factory().charge(n)

"""Subclasses register themselves."""

# unknown: which classes there are when the program runs
# run: flow("card", 1)
# run: flow("cash", 2)

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
    known: dict = {}

    def __init_subclass__(cls, *, means: str) -> None:
        cls.known[means] = cls

    def charge(self, n: int) -> int:
        raise NotImplementedError


class Card(Gateway, means="card"):
    def charge(self, n: int) -> int:
        return pay(n)


class Cash(Gateway, means="cash"):
    def charge(self, n: int) -> int:
        # + audit()
        return refund(n)


@DBOS.workflow()
def flow(means: str, n: int) -> int:
    return Gateway.known[means]().charge(n)

"""A factory says that it returns an abstract class."""

# run: flow("card", 1)
# run: flow("cash", 2)

from abc import ABC, abstractmethod

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


class Gateway(ABC):
    @abstractmethod
    def charge(self, n: int) -> int: ...


class Card(Gateway):
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


class Cash(Gateway):
    def charge(self, n: int) -> int:
        return refund(n)


def gateway_of(means: str) -> Gateway:
    return Card() if means == "card" else Cash()


@DBOS.workflow()
def flow(means: str, n: int) -> int:
    return gateway_of(means).charge(n)

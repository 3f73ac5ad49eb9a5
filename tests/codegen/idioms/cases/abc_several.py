"""An abstract class has several implementations, which stand in a dict."""

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


GATEWAYS: dict[str, Gateway] = {"card": Card(), "cash": Cash()}


@DBOS.workflow()
def flow(means: str, n: int) -> int:
    gateway = GATEWAYS[means]
    return gateway.charge(n)

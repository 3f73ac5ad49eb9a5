"""Gateways of one protocol are given to two objects."""

# run: CARD.run(1)
# run: CASH.run(2)

from typing import Protocol

from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


class Gateway(Protocol):
    def charge(self, n: int) -> int: ...


class Card:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


class Cash:
    def charge(self, n: int) -> int:
        return refund(n)


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    def __init__(self, name: str, gateway: Gateway) -> None:
        super().__init__(name)
        self.gateway = gateway

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.gateway.charge(n)


CARD = Flow("card", Card())
CASH = Flow("cash", Cash())

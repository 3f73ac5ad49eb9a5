"""A helper takes anything of a protocol, of which the project has one implementation."""

# run: flow(1)

from typing import Protocol

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


class Gateway(Protocol):
    def charge(self, n: int) -> int: ...


class Card:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


def settle(gateway: Gateway, n: int) -> int:
    return gateway.charge(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(Card(), n)

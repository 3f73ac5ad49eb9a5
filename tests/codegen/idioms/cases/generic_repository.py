"""A generic class calls what a type parameter stands for."""

# run: flow(1)

from typing import Generic, TypeVar

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


class Card:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


T = TypeVar("T", bound=Card)


class Holder(Generic[T]):
    def __init__(self, held: T) -> None:
        self.held = held

    def get(self) -> T:
        return self.held


@DBOS.workflow()
def flow(n: int) -> int:
    return Holder(Card()).get().charge(n)

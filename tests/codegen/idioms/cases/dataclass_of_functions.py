"""A dataclass has functions as its fields."""

# run: flow(1)

from collections.abc import Callable
from dataclasses import dataclass

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


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@dataclass(frozen=True)
class Actions:
    do: Callable[[int], int]
    undo: Callable[[int], int]


ACTIONS = Actions(do=pay, undo=give_back)  # => ACTIONS = Actions(do=give_back, undo=pay)


@DBOS.workflow()
def flow(n: int) -> int:
    return ACTIONS.do(n) + ACTIONS.undo(n)

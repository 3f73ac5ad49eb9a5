"""A named tuple has functions as its fields."""

# run: flow(1)

from collections.abc import Callable
from typing import NamedTuple

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


class Actions(NamedTuple):
    do: Callable[[int], int]
    undo: Callable[[int], int] = give_back


@DBOS.workflow()
def flow(n: int) -> int:
    do, undo = Actions(pay)  # => do, undo = Actions(refund)
    return do(n) + undo(n)

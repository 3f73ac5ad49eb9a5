"""A list has dataclasses with functions, which are undone in the opposite order."""

# run: flow(1)
# run: flow(-1)
# never: pay

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


@DBOS.step()
def ship(n: int) -> int:
    if n < 0:
        raise ValueError("no")
    return n


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@dataclass(frozen=True)
class Stage:
    do: Callable[[int], int]
    undo: Callable[[int], int]


STAGES = [Stage(pay, give_back), Stage(ship, pay)]


@DBOS.workflow()
def flow(n: int) -> int:
    done: list[Stage] = []
    try:
        for stage in STAGES:
            stage.do(n)
            done.append(stage)
    except ValueError:
        for stage in reversed(done):
            stage.undo(n)
    return n

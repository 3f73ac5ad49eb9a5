"""A function that may be missing has a substitute."""

# run: flow(1)

from collections.abc import Callable

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


def settle(n: int, act: Callable[[int], int] | None = None) -> int:
    return (act or give_back)(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n) + settle(n, pay)

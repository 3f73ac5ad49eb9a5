"""A lambda is passed to a helper."""

# run: flow(0)
# run: flow(2)

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


def times(n: int, act: Callable[[], int]) -> int:
    return sum([act() for _ in range(n)])


@DBOS.workflow()
def flow(n: int) -> int:
    return times(n, lambda: pay(n))  # => return times(n, lambda: refund(n))

"""A name with an annotation stands for a lambda and for a function."""

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


charge: Callable[[], int] = lambda: pay(1)  # => charge: Callable[[], int] = lambda: refund(1)
undo: Callable[[int], int] = give_back


@DBOS.workflow()
def flow(n: int) -> int:
    return charge() + undo(n)

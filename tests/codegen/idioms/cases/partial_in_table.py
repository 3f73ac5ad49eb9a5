"""Partial functions stand in a dict of the module."""

# run: flow("a", 1)
# run: flow("b", 2)

from functools import partial

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


def moved(source: int, n: int) -> int:
    # + audit()
    return refund(source + n)


HANDLERS = {"a": partial(pay, 3), "b": partial(moved, 4, 5)}  # => HANDLERS = {"a": partial(refund, 3), "b": partial(moved, 4, 5)}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind]()

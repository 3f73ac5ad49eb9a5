"""A dict of handlers is passed to a helper."""

# run: flow("pay", 1)
# run: flow("refund", 2)

from collections.abc import Callable, Mapping

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


def dispatch(handlers: Mapping[str, Callable[[int], int]], kind: str, n: int) -> int:
    return handlers[kind](n)


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return dispatch({"pay": pay, "refund": give_back}, kind, n)  # => return dispatch({"pay": refund, "refund": give_back}, kind, n)

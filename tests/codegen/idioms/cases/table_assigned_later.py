"""Handlers are put into a dict at module level, one by one."""

# run: flow("pay", 1)
# run: flow("refund", 2)

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


HANDLERS: dict[str, Callable[[int], int]] = {}


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


HANDLERS["pay"] = pay  # => HANDLERS["pay"] = refund
HANDLERS["refund"] = give_back


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind](n)

"""Calls are put on an exit stack."""

# run: flow(0)
# run: flow(2)

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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


@contextmanager
def reserved(n: int) -> Iterator[int]:
    # + audit()
    yield pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    with ExitStack() as stack:
        for each in range(n):
            stack.enter_context(reserved(each))
        stack.callback(give_back, n)
    return n

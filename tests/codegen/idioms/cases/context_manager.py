"""A generator is a context manager."""

# run: flow(1)
# run: flow(-1) raises ValueError

from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def reserved(n: int) -> Iterator[int]:
    # + audit()
    pay(n)
    try:
        yield n
    finally:
        # + audit()
        refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    with reserved(3) as amount:
        if n < 0:
            raise ValueError("no")
        pay(amount)
    return n

"""A helper remembers its results."""

# run: flow(1)

import functools

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


@functools.lru_cache(maxsize=None)
def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    charge.cache_clear()
    return charge(n) + refund(n)

"""functools.reduce() calls a helper."""

# run: flow(0)
# run: flow(1)
# run: flow(2)

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


def added(total: int, n: int) -> int:
    # + audit()
    return total + pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return functools.reduce(added, range(n), 0) + refund(n)

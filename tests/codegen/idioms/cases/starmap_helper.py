"""itertools.starmap() calls a helper."""

# run: flow(0)
# run: flow(2)

import itertools

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


def moved(source: int, target: int) -> int:
    # + audit()
    return pay(source) + target


@DBOS.workflow()
def flow(n: int) -> int:
    return sum(list(itertools.starmap(moved, [(each, 1) for each in range(n)])))

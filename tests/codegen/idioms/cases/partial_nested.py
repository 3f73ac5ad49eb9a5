"""A partial function is made of a partial function."""

# run: flow(1)

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


def moved(source: int, target: int, n: int) -> int:
    # + audit()
    return pay(source + target + n)


@DBOS.workflow()
def flow(n: int) -> int:
    from_one = partial(moved, 1)
    to_two = partial(from_one, target=2)
    return to_two(n=n)

"""A generator is advanced by next()."""

# run: flow(1)
# unknown: how far a generator is advanced

from collections.abc import Iterator

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


def charged() -> Iterator[int]:
    # + audit()
    yield pay(1)
    yield refund(2)


@DBOS.workflow()
def flow(n: int) -> int:
    each = charged()
    return next(each) + n + next(each)

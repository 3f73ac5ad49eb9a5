"""A helper yields what it records, and another one yields from it."""

# run: flow(0)
# run: flow(1)
# run: flow(2)

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


def charged(n: int) -> Iterator[int]:
    for each in range(n):
        # + audit()
        yield pay(each)


def all_of(n: int) -> Iterator[int]:
    yield from charged(n)
    yield refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return sum([each for each in all_of(n)])

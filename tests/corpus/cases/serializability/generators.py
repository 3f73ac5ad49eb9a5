from collections.abc import Generator, Iterable, Iterator

from dbos_typed import DBOS


@DBOS.step()
def rows(n: int) -> list[int]:
    return list(range(n))


@DBOS.step()
def lazy(n: int) -> Iterator[int]:  # E: dbos-serializable
    return iter(range(n))


@DBOS.workflow()
def consume(values: Iterable[int]) -> int:
    return sum(values)


@DBOS.workflow()
def consume_lazily(values: Generator[int, None, None]) -> int:  # E: dbos-serializable
    return sum(values)

from collections.abc import AsyncIterator, Iterator

from dbos_typed import DBOS


def numbers() -> Iterator[int]:
    yield 1


@DBOS.step()
def collect() -> list[int]:
    return list(numbers())


@DBOS.step()
def produce() -> Iterator[int]:  # E: dbos-serializable
    yield 1


@DBOS.workflow()
def stream() -> Iterator[int]:  # E: dbos-serializable
    yield from numbers()


@DBOS.step()
async def produce_async() -> AsyncIterator[int]:  # E: dbos-serializable
    yield 1

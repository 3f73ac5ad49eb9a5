from typing import overload

from dbos_typed import DBOS


@overload
def parse(raw: str) -> int: ...
@overload
def parse(raw: bytes) -> float: ...
@DBOS.workflow()
def parse(raw: str | bytes) -> int | float:
    return len(raw)


def ok() -> tuple[int, float]:
    return parse("1"), parse(b"1")


def bad() -> None:
    parse(1)  # E: type
    first: str = parse("1")  # E: type
    DBOS.logger.info(first)

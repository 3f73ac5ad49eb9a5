from typing import TypeVar, overload

from dbos_typed import DBOS

T = TypeVar("T")


@DBOS.workflow()
def generic_pair(item: T) -> tuple[T, T]:
    return item, item


@overload
def over_parse(raw: str) -> int: ...
@overload
def over_parse(raw: bytes) -> float: ...
@DBOS.workflow()
def over_parse(raw: str | bytes) -> int | float:
    return len(raw)

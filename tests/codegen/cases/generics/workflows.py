"""Workflows whose result depends on their arguments."""

from collections.abc import Sequence
from typing import TypeVar, overload

from dbos_typed import DBOS

T = TypeVar("T")
Number = TypeVar("Number", int, float)


@DBOS.workflow()
def first(items: Sequence[T], default: T) -> T:
    return items[0] if items else default


@DBOS.workflow()
def double(value: Number) -> list[Number]:
    return [value, value]


@overload
def convert(value: int) -> str: ...
@overload
def convert(value: str, *, base: int = ...) -> int: ...
@DBOS.workflow()
def convert(value: int | str, *, base: int = 10) -> int | str:
    """Convert either way."""
    return str(value) if isinstance(value, int) else int(value, base)

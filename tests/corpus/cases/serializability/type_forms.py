from __future__ import annotations

import datetime as dt
import typing as t
from collections import abc
from decimal import Decimal
from pathlib import Path, PurePath
from uuid import UUID

import pydantic
import typing_extensions as te

from dbos_typed import DBOS

Json: t.TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Id = t.NewType("Id", UUID)
Hook: t.TypeAlias = abc.Callable[[], None]
Pair = tuple[Id, Decimal]
MaybeText = t.Optional[str]
K = t.TypeVar("K", bound=abc.Hashable)


class Point(t.NamedTuple):
    x: float = 0.0


class Movie(te.TypedDict, total=False):
    title: te.Required[str]
    year: te.NotRequired[int]
    extra: te.ReadOnly[list[str]]


@DBOS.workflow()
def fine(
    a: Json,
    b: Id,
    c: Pair,
    d: MaybeText,
    e: t.List[t.Dict[str, t.Set[int]]],
    f: abc.Mapping[Id, abc.Sequence[Point]],
    g: Movie,
    h: t.Annotated[dt.timedelta, pydantic.Field(gt=dt.timedelta())],
    i: PurePath | Path,
    j: t.Literal["a", 1, None, True],
    k: tuple[int, ...],
    u: t.Union[dt.datetime, dt.date],
) -> int | None:
    print(a, b, c, d, e, f, g, h, i, j, k, u)
    return None


@DBOS.workflow()
def hooked(hook: Hook) -> None:  # E: dbos-serializable
    hook()


@DBOS.workflow()
def typed(kinds: t.Dict[str, t.Type[Exception]]) -> int:  # E: dbos-serializable
    return len(kinds)


@DBOS.workflow()
def iterated(values: t.AsyncIterable[int], other: t.Optional[t.Awaitable[int]]) -> bool:  # E: dbos-serializable
    print(values)
    return other is None

import uuid
from collections import Counter, OrderedDict, deque
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntFlag
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, NewType

from dbos_typed import DBOS

UserId = NewType("UserId", int)


class Color(Enum):
    RED = "red"


class Access(IntFlag):
    READ = 1
    WRITE = 2


@DBOS.workflow()
def everything(
    a: dict[UserId, set[Color]],
    b: tuple[Decimal, ...] | None,
    c: Annotated[Path, "folder"],
    d: deque[date],
    e: Literal["x", 1],
    f: Counter[str],
    g: OrderedDict[str, uuid.UUID],
    h: bytes,
    i: Any,
    j: object,
    k: frozenset[Access],
    *times: time,
    **spans: timedelta,
) -> datetime | complex | range:
    print(a, b, c, d, e, f, g, h, i, j, k, times, spans)
    return 1j


@DBOS.step()
def rational(number: Fraction) -> float:
    return float(number)

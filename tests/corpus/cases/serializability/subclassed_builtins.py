from __future__ import annotations

import enum
from collections import UserDict, defaultdict
from collections.abc import Collection, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Any
from zoneinfo import ZoneInfo

from dbos_typed import DBOS


class Name(str):
    """A name."""


class Settings(dict[str, Any]):
    """Settings."""


class Color(str, enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    SMALL = 1


@DBOS.workflow()
def abstract(a: Sequence[int], b: Mapping[str, int], c: Collection[str]) -> int:
    return len(a) + len(b) + len(c)


@DBOS.workflow()
def enums(color: Color, size: Size, counts: defaultdict[str, int]) -> str:
    return color.value + str(size) + str(len(counts))


@DBOS.workflow()
def name(value: Name) -> str:  # E: dbos-serializable
    return value


@DBOS.workflow()
def settings(value: Settings) -> int:  # E: dbos-serializable
    return len(value)


@DBOS.workflow()
def user_dict(value: UserDict[str, int]) -> int:  # E: dbos-serializable
    return len(value)


@DBOS.workflow()
def address(value: IPv4Address) -> str:
    return str(value)


@DBOS.workflow()
def zone(value: ZoneInfo) -> str:
    return value.key

"""Values without parts that JSON does not have: bytes, Decimal, UUID, dates, paths, patterns and the like.

Where the annotation says the type, they are written plainly ("1.20"); elsewhere in an envelope
({"$type": "decimal", "value": "1.20"}).
"""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import base64
import importlib
import re
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path, PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any

from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.natural import (
    decode_float,
    decode_int,
    decode_str,
    encode_float,
    encode_int,
    encode_str,
    is_portable,
)
from dbos_typed.codec.node import LIST, STRING
from dbos_typed.codec.refusals import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """How one class is written.

    `write` gives the plain form, of the JSON kind `kind`, or a whole envelope for values that the plain form cannot
    hold; `read` reads the plain form, `read_envelope` the envelope.
    """

    tag: str
    head: dict[str, Json]
    kind: int
    write: Callable[[Any], Json]
    read: Callable[[Any], Value]
    read_envelope: Callable[[dict[str, Any]], Value]

    def write_envelope(self, value: Value) -> Json:
        """The form that says its type."""
        plain = self.write(value)
        return plain if type(plain) is dict else {**self.head, "value": plain}


def _scalar(
    tag: str,
    write: Callable[[Any], Json],
    read: Callable[[Any], Value],
    *,
    kind: int = STRING,
    read_envelope: Callable[[dict[str, Any]], Value] | None = None,
) -> Scalar:
    return Scalar(
        tag=tag,
        head={TAG: tag},
        kind=kind,
        write=write,
        read=read,
        read_envelope=read_envelope or (lambda data: read(data["value"])),
    )


# --- bytes, numbers ---------------------------------------------------------------------------------------------------


def _write_base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _read_bytes(data: str) -> bytes:
    return base64.b64decode(data, validate=True)


def _write_complex(value: complex) -> Json:
    return [encode_float(value.real), encode_float(value.imag)]


def _read_complex(data: list[Json]) -> complex:
    real, imaginary = data
    return complex(decode_float(real), decode_float(imaginary))


def _write_range(value: range) -> Json:
    return [encode_int(value.start), encode_int(value.stop), encode_int(value.step)]


def _read_range(data: list[Json]) -> range:
    return range(*[decode_int(bound) for bound in data])


def _write_uuid(value: uuid.UUID) -> Json:
    if value.is_safe is uuid.SafeUUID.unknown:
        return str(value)
    return {TAG: "uuid", "value": str(value), "is_safe": value.is_safe.value}


def _read_uuid_envelope(data: dict[str, Any]) -> uuid.UUID:
    return uuid.UUID(data["value"], is_safe=uuid.SafeUUID(data.get("is_safe")))


# --- dates and times --------------------------------------------------------------------------------------------------


def _write_zone(zone: tzinfo) -> Json:
    if type(zone) is timezone:
        offset, *name = timezone.__getinitargs__(zone)  # type: ignore[attr-defined]  # typeshed lacks the pickle hook
        return {"offset": _write_timedelta(offset), "name": encode_str(name[0]) if name else None}
    # A ZoneInfo cannot exist without its module; importing it here would cost every process.
    zoneinfo = sys.modules.get("zoneinfo")
    if zoneinfo is not None and type(zone) is zoneinfo.ZoneInfo:
        key: str | None = getattr(zone, "key", None)
        if key is not None:
            return key
    raise Failure(
        f"a time zone of type {name_of(type(zone))} cannot be stored: use datetime.timezone, or zoneinfo.ZoneInfo "
        "with a key"
    )


def _read_zone(data: Json) -> tzinfo:
    if type(data) is str:
        from zoneinfo import ZoneInfo  # noqa: PLC0415  # costs 3 ms, and most processes store no zones

        return ZoneInfo(data)
    offset = _read_timedelta(data["offset"])
    return timezone(offset) if data["name"] is None else timezone(offset, decode_str(data["name"]))


def _write_timezone(value: timezone) -> Json:
    return {TAG: "timezone", **_write_zone(value)}


def _is_plain_zone(zone: tzinfo | None) -> bool:
    if zone is None or zone is UTC:
        return True
    return type(zone) is timezone and len(timezone.__getinitargs__(zone)) == 1  # type: ignore[attr-defined]  # as above


def _write_datetime(value: datetime) -> Json:
    if not value.fold and _is_plain_zone(value.tzinfo):
        return value.isoformat()
    envelope: dict[str, Json] = {TAG: "datetime", "value": value.replace(tzinfo=None, fold=0).isoformat()}
    return _with_zone(envelope, value)


def _write_time(value: time) -> Json:
    if not value.fold and _is_plain_zone(value.tzinfo):
        return value.isoformat()
    return _with_zone({TAG: "time", "value": value.replace(tzinfo=None, fold=0).isoformat()}, value)


def _with_zone(envelope: dict[str, Json], value: datetime | time) -> dict[str, Json]:
    if value.tzinfo is not None:
        envelope["zone"] = _write_zone(value.tzinfo)
    if value.fold:
        envelope["fold"] = 1
    return envelope


def _read_datetime_envelope(data: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(data["value"])
    if "zone" in data:
        moment = moment.replace(tzinfo=_read_zone(data["zone"]))
    return moment.replace(fold=1) if "fold" in data else moment


def _read_time_envelope(data: dict[str, Any]) -> time:
    moment = time.fromisoformat(data["value"])
    if "zone" in data:
        moment = moment.replace(tzinfo=_read_zone(data["zone"]))
    return moment.replace(fold=1) if "fold" in data else moment


_DURATION = re.compile(r"P(-?\d+)DT(\d+)\.(\d{6})S")


def _write_timedelta(value: timedelta) -> str:
    return f"P{value.days}DT{value.seconds}.{value.microseconds:06}S"


def _read_timedelta(data: str) -> timedelta:
    match = _DURATION.fullmatch(data)
    if match is None:
        raise ValueError(f"{data!r} is no duration")
    days, seconds, microseconds = match.groups()
    return timedelta(days=int(days), seconds=int(seconds), microseconds=int(microseconds))


# --- paths, patterns --------------------------------------------------------------------------------------------------

_PATH_CLASSES: dict[str, type[PurePath]] = {
    cls.__name__: cls for cls in (PosixPath, WindowsPath, PurePosixPath, PureWindowsPath)
}


def _path(cls: type[PurePath]) -> Scalar:
    head = {TAG: "path", "class": cls.__name__}

    def write(value: PurePath) -> Json:
        text = str(value)
        return text if is_portable(text) else {**head, "value": encode_str(text)}

    return Scalar(tag="path", head=head, kind=STRING, write=write, read=cls, read_envelope=_read_path)


def _read_path(data: dict[str, Any]) -> PurePath:
    return _PATH_CLASSES[data["class"]](decode_str(data["value"]))


def _write_pattern(value: re.Pattern[Any]) -> Json:
    if isinstance(value.pattern, bytes):
        return {TAG: "pattern", "bytes": _write_base64(value.pattern), "flags": value.flags}
    return {TAG: "pattern", "value": encode_str(value.pattern), "flags": value.flags}


def _read_pattern(data: dict[str, Any]) -> re.Pattern[Any]:
    if "bytes" in data:
        return re.compile(_read_bytes(data["bytes"]), data["flags"])
    return re.compile(decode_str(data["value"]), data["flags"])


# --- the tables -------------------------------------------------------------------------------------------------------

_EAGER: dict[type[Any], Scalar] = {
    bytes: _scalar("bytes", _write_base64, _read_bytes),
    bytearray: _scalar("bytearray", _write_base64, lambda data: bytearray(_read_bytes(data))),
    complex: _scalar("complex", _write_complex, _read_complex, kind=LIST),
    range: _scalar("range", _write_range, _read_range, kind=LIST),
    Decimal: _scalar("decimal", str, Decimal),
    uuid.UUID: _scalar("uuid", _write_uuid, uuid.UUID, read_envelope=_read_uuid_envelope),
    datetime: _scalar("datetime", _write_datetime, datetime.fromisoformat, read_envelope=_read_datetime_envelope),
    date: _scalar("date", date.isoformat, date.fromisoformat),
    time: _scalar("time", _write_time, time.fromisoformat, read_envelope=_read_time_envelope),
    timedelta: _scalar("timedelta", _write_timedelta, _read_timedelta),
    timezone: _scalar("timezone", _write_timezone, _read_zone, read_envelope=_read_zone),
    re.Pattern: _scalar("pattern", _write_pattern, _read_pattern, read_envelope=_read_pattern),
    **{cls: _path(cls) for cls in _PATH_CLASSES.values()},
}

# Classes of the standard library that few processes need: recognized by name, imported when one is read.
_LAZY_NAMES = {
    "fractions:Fraction": "fraction",
    "zoneinfo:ZoneInfo": "zone",
    "ipaddress:IPv4Address": "ipv4address",
    "ipaddress:IPv6Address": "ipv6address",
    "ipaddress:IPv4Network": "ipv4network",
    "ipaddress:IPv6Network": "ipv6network",
    "ipaddress:IPv4Interface": "ipv4interface",
    "ipaddress:IPv6Interface": "ipv6interface",
}


def _lazy(ref: str) -> Scalar:
    module_name, _, name = ref.partition(":")

    def read(data: str) -> Value:
        if name == "Fraction" and "e" in data.lower():
            # Never written, and 1e999999999 would be a number of as many digits.
            msg = f"{data[:40]!r} is no fraction"
            raise ValueError(msg)
        return getattr(importlib.import_module(module_name), name)(data)

    return _scalar(_LAZY_NAMES[ref], _write_zone if name == "ZoneInfo" else str, read)


_LAZY = {ref: _lazy(ref) for ref in _LAZY_NAMES}

SCALAR_READERS = {scalar.tag: scalar.read_envelope for scalar in (*_EAGER.values(), *_LAZY.values())}
"""Tag to the function that reads its envelope."""

IMMUTABLE: frozenset[type[Any]] = frozenset(_EAGER) - {bytearray}
"""Classes of this module whose instances never change."""

PATH_ANNOTATIONS: dict[type[Any], type[Any]] = {Path: type(Path()), PurePath: type(PurePath())}
"""Annotations whose instances are of a platform's class."""


def scalar_of(cls: type[Any]) -> Scalar | None:
    """How `cls` is written; None when it is no scalar."""
    scalar = _EAGER.get(cls)
    if scalar is not None:
        return scalar
    ref = f"{cls.__module__}:{cls.__qualname__}"
    scalar = _LAZY.get(ref)
    if scalar is None:
        return None
    module_name, _, name = ref.partition(":")
    return scalar if getattr(sys.modules.get(module_name), name, None) is cls else None

"""None, bool, int, float and str: JSON's own scalars, and the few of their values that JSON cannot carry."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring_ascii
from typing import Any

from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.node import Decoder, Encoder

# Python converts long integers to decimal digits only up to a limit that a process may set as low as 640 digits.
_BOUND = 10**600


def is_portable(text: str) -> bool:
    """Whether a string survives JSON: a high and a low surrogate that stand side by side would come back as one."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def encode_str(text: str) -> Json:
    """Write a string as itself, or as UTF-8 with surrogates let through, in hexadecimal digits."""
    if text.isascii() or is_portable(text):
        return text
    return {TAG: "str", "hex": text.encode("utf-8", "surrogatepass").hex()}


def decode_str(data: Json) -> str:
    """Read what `encode_str` wrote."""
    if type(data) is str:
        return data
    return bytes.fromhex(data["hex"]).decode("utf-8", "surrogatepass")


def encode_int(number: int) -> Json:
    """Write an integer as itself; in hexadecimal digits, which have no limit, when it is very long."""
    return number if -_BOUND < number < _BOUND else {TAG: "int", "hex": hex(number)}


def decode_int(data: Json) -> int:
    """Read what `encode_int` wrote."""
    if type(data) is int:
        return data
    return int(data["hex"], 16)


def encode_float(number: float) -> Json:
    """Write a float as itself; JSON has no infinities and no NaN."""
    if math.isfinite(number):
        return number
    name = "nan" if math.isnan(number) else "inf"
    return {TAG: "float", "value": name if math.copysign(1.0, number) > 0 else f"-{name}"}


def decode_float(data: Json) -> float:
    """Read what `encode_float` wrote."""
    if type(data) is float:
        return data
    return float(data["value"])


def encode_same(value: Json) -> Json:
    """Write what JSON has itself."""
    return value


NATURAL_ENCODERS: dict[type[Any], Encoder] = {
    type(None): encode_same,
    bool: encode_same,
    int: encode_int,
    float: encode_float,
    str: encode_str,
}

NATURAL_DECODERS = {"str": decode_str, "int": decode_int, "float": decode_float}


def fast_encoder(cls: type[Any], otherwise: Encoder) -> Encoder:
    """Encoder of positions annotated with a natural type; anything but its ordinary values goes to `otherwise`."""

    def encode_text(value: Value) -> Json:
        return value if type(value) is str and value.isascii() else otherwise(value)

    def encode_number(value: Value) -> Json:
        return value if type(value) is int and -_BOUND < value < _BOUND else otherwise(value)

    def encode_constant(value: Value) -> Json:
        return value if value is None or value is True or value is False else otherwise(value)

    if cls is str:
        return encode_text
    if cls is int:
        return encode_number
    return otherwise if cls is float else encode_constant


def fast_decoder(cls: type[Any], otherwise: Decoder) -> Decoder:
    """Decoder of positions annotated with a natural type."""

    def decode(data: Json) -> Value:
        return data if type(data) is cls else otherwise(data)

    return decode


def _none_text(_value: object) -> str:
    return "null"


def _bool_text(value: object) -> str:
    return "true" if value else "false"


def _int_text(value: Value) -> str | None:
    return int.__repr__(value) if -_BOUND < value < _BOUND else None


def _float_text(value: Value) -> str | None:
    return float.__repr__(value) if math.isfinite(value) else None


def _str_text(value: Value) -> str | None:
    return encode_basestring_ascii(value) if value.isascii() or is_portable(value) else None


_NARROWER: dict[type[Any], tuple[type[Any], ...]] = {int: (bool,), float: (int, bool)}


def with_narrower(types: Iterable[type[Any]]) -> frozenset[type[Any]]:
    """The types, and those whose values are values of one of them too: where a float is expected, an int will do."""
    given = tuple(types)
    return frozenset(given).union(*(_NARROWER.get(cls, ()) for cls in given))


# Straight to text, past the tree; None: take the long way.
NATURAL_TEXTS: dict[type[Any], Callable[[Value], str | None]] = {
    type(None): _none_text,
    bool: _bool_text,
    int: _int_text,
    float: _float_text,
    str: _str_text,
}

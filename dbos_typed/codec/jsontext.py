"""JSON text, ASCII only, to and from trees of dicts, lists and scalars."""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring_ascii
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A tree as `json` reads and writes it. (A recursive alias would need a cast at every step down.)"""

Value: TypeAlias = Any
"""A user's value, of whatever type."""

TAG = "$type"
"""The key that makes a JSON object an envelope: its value says how to read the rest."""

# Trees are built here and never cyclic, so the encoder need not look for cycles again.
_encoder = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False, check_circular=False)


def _dumper() -> Callable[[Json], str]:
    """The encoder's C function, without the set-up that `encode` repeats for every value: half the time."""
    make: Callable[..., Callable[[Json, int], tuple[str, ...]]] | None = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return _encoder.encode
    try:
        chunks = make(None, _encoder.default, encode_basestring_ascii, None, ":", ",", False, False, False)
        works = "".join(chunks({"a": [1, "\u00e4"]}, 0)) == '{"a":[1,"\\u00e4"]}'
    except TypeError:  # another version's signature
        return _encoder.encode
    return (lambda data: "".join(chunks(data, 0))) if works else _encoder.encode


dump = _dumper()

_decoder = json.JSONDecoder()
_scan = _decoder.raw_decode


def load(text: str) -> Json:
    """Parse JSON text; ValueError when it is none."""
    try:
        data, end = _scan(text)
    except ValueError:
        return _decoder.decode(text)  # surrounding white space, or a precise message
    return data if end == len(text) else _decoder.decode(text)

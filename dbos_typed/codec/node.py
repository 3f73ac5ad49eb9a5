"""A compiled annotation: how its values become JSON trees and come back."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from dbos_typed.codec.jsontext import TAG, Json, Value

Encoder: TypeAlias = Callable[[Value], Json]
Decoder: TypeAlias = Callable[[Json], Value]

STRING, INTEGER, LIST, OBJECT = 1, 2, 4, 8
NO_KIND = 0
ANY_KIND = STRING | INTEGER | LIST | OBJECT

_KIND_OF = {str: STRING, int: INTEGER, list: LIST, dict: OBJECT}


def kind_of(data: Json) -> int:
    """The JSON kind of a tree's top; NO_KIND for null, booleans, floats and envelopes, which no plain form uses."""
    kind = _KIND_OF.get(type(data), NO_KIND)
    return NO_KIND if kind == OBJECT and TAG in data else kind


class Node:
    """Encoder and decoder of one annotation.

    `kinds`: the JSON kinds that the plain form of its values uses. `natural`: the plain form is what a position
    without annotation would write, too, so that decoding needs no annotation. `types`: the exact run-time types that
    have the plain form; empty: unknown. Values of other types are written as in a position without annotation.
    """

    __slots__ = ("decode", "encode", "kinds", "natural", "types")

    encode: Encoder
    decode: Decoder

    def __init__(
        self,
        *,
        types: tuple[type[Any], ...],
        kinds: int,
        natural: bool = False,
        encode: Encoder | None = None,
        decode: Decoder | None = None,
    ) -> None:
        self.types = types
        self.kinds = kinds
        self.natural = natural
        # While a recursive annotation is being compiled, its users capture these; they look the real ones up late.
        self.encode = encode or (lambda value: self.encode(value))  # noqa: PLW0108  # late: it is replaced
        self.decode = decode or (lambda data: self.decode(data))  # noqa: PLW0108  # as above

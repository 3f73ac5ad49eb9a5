"""Unions: each member keeps its plain form only where nothing else could have written the same JSON."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.jsontext import Json, Value
from dbos_typed.codec.natural import with_narrower
from dbos_typed.codec.node import ANY_KIND, INTEGER, LIST, NO_KIND, OBJECT, STRING, Decoder, Encoder, Node
from dbos_typed.codec.refusals import name_of

_TYPES_OF_KINDS: dict[int, type[Any]] = {STRING: str, INTEGER: int, LIST: list, OBJECT: dict}


def union_node(members: Sequence[Node], dynamic: Dynamic) -> Node:
    """Combine the members.

    A member with a plain form of its own owns the JSON kinds that it uses, provided that no other member uses them.
    Members that own nothing are written as in a position without annotation: natural ones look the same, the others
    become envelopes.
    """
    types = tuple(dict.fromkeys(cls for member in members for cls in member.types))
    every_kind = functools.reduce(operator.or_, (member.kinds for member in members), NO_KIND)
    if not all(member.types for member in members):
        types, every_kind = (), ANY_KIND
    if not types:
        return Node(types=types, kinds=every_kind, natural=True, encode=dynamic.encode, decode=dynamic.decode)
    kinds = 0
    encoders: dict[type[Any], Encoder] = {}
    decoders: dict[type[Any], Decoder] = {}
    for owner in (member for member in members if not _is_contested(member, members)):
        encoders.update(dict.fromkeys(owner.types, owner.encode))
        if owner.natural:
            decoders.update(dict.fromkeys(owner.types, owner.decode))
        else:
            kinds |= owner.kinds
            decoders.update({cls: owner.decode for kind, cls in _TYPES_OF_KINDS.items() if owner.kinds & kind})
    # Members that own nothing, and values that are values of a member too.
    for cls in with_narrower(types):
        encoders.setdefault(cls, dynamic.unowned(kinds))
    for cls in with_narrower(cls for member in members if member.natural for cls in member.types):
        decoders.setdefault(cls, dynamic.decode)
    mismatch = dynamic.apart
    decode_other = dynamic.others(" | ".join(name_of(cls) for cls in types))

    def encode(value: Value) -> Json:
        return encoders.get(type(value), mismatch)(value)

    def decode(data: Json) -> Value:
        return decoders.get(type(data), decode_other)(data)

    natural = all(member.natural for member in members)
    return Node(types=types, kinds=every_kind, natural=natural, encode=encode, decode=decode)


def _is_contested(member: Node, members: Sequence[Node]) -> bool:
    return any(
        other is not member and (other.kinds & member.kinds or set(other.types) & set(member.types))
        for other in members
    )

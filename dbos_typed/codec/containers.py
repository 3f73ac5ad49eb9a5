"""Lists, sets, tuples, deques and dicts whose items have a type of their own."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import enum
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dbos_typed.codec.dynamic import Dynamic, sort_items
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.natural import encode_int, is_portable
from dbos_typed.codec.node import LIST, OBJECT, Encoder, Node


def _encode_items(encode: Encoder, items: Any) -> list[Json]:  # noqa: ANN401  # an iterable of values of any type
    out: list[Json] = []
    try:
        for item in items:
            out.append(encode(item))  # noqa: PERF401  # its length tells where an item failed
    except Failure as failure:
        raise failure.at(f"[{len(out)}]") from None
    return out


def list_node(item: Node, dynamic: Dynamic) -> Node:
    """`list[T]` and the abstract sequences: a JSON list."""
    if item.natural and not item.types:
        return Node(types=(list,), kinds=LIST, natural=True, encode=dynamic.encode, decode=dynamic.decode)
    encode_item, decode_item = item.encode, item.decode
    mismatch, decode_other = dynamic.apart, dynamic.others("list")

    def encode(value: Value) -> Json:
        return _encode_items(encode_item, value) if type(value) is list else mismatch(value)

    def decode(data: Json) -> Value:
        return list(map(decode_item, data)) if type(data) is list else decode_other(data)

    return Node(types=(list,), kinds=LIST, natural=item.natural, encode=encode, decode=decode)


def set_node(cls: type[set[Value] | frozenset[Value]], item: Node, dynamic: Dynamic) -> Node:
    """`set[T]`, `frozenset[T]`: a JSON list in an order of its own."""
    encode_item, decode_item = item.encode, item.decode
    mismatch, decode_other = dynamic.apart, dynamic.others(cls.__name__)

    def encode(value: Value) -> Json:
        return sort_items(_encode_items(encode_item, value)) if type(value) is cls else mismatch(value)

    def decode(data: Json) -> Value:
        return cls(map(decode_item, data)) if type(data) is list else decode_other(data)

    return Node(types=(cls,), kinds=LIST, encode=encode, decode=decode)


def deque_node(item: Node, dynamic: Dynamic) -> Node:
    """`deque[T]`: a JSON list, unless its length is limited."""
    encode_item, decode_item = item.encode, item.decode
    mismatch, decode_other = dynamic.apart, dynamic.others("deque")

    def encode(value: Value) -> Json:
        if type(value) is not deque or value.maxlen is not None:
            return mismatch(value)
        return _encode_items(encode_item, value)

    def decode(data: Json) -> Value:
        return deque(map(decode_item, data)) if type(data) is list else decode_other(data)

    return Node(types=(deque,), kinds=LIST, encode=encode, decode=decode)


def variadic_tuple_node(item: Node, dynamic: Dynamic) -> Node:
    """`tuple[T, ...]`: a JSON list."""
    encode_item, decode_item = item.encode, item.decode
    mismatch, decode_other = dynamic.apart, dynamic.others("tuple")

    def encode(value: Value) -> Json:
        return _encode_items(encode_item, value) if type(value) is tuple else mismatch(value)

    def decode(data: Json) -> Value:
        return tuple(map(decode_item, data)) if type(data) is list else decode_other(data)

    return Node(types=(tuple,), kinds=LIST, encode=encode, decode=decode)


def fixed_tuple_node(items: list[Node], dynamic: Dynamic) -> Node:
    """`tuple[A, B]`: a JSON list."""
    encoders, decoders = [item.encode for item in items], [item.decode for item in items]
    count = len(items)
    mismatch, decode_other = dynamic.apart, dynamic.others("tuple")

    def encode(value: Value) -> Json:
        if type(value) is not tuple or len(value) != count:
            return mismatch(value)
        out: list[Json] = []
        try:
            for encode_item, item in zip(encoders, value, strict=True):
                out.append(encode_item(item))  # its length tells where an item failed
        except Failure as failure:
            raise failure.at(f"[{len(out)}]") from None
        return out

    def decode(data: Json) -> Value:
        if type(data) is not list:
            return decode_other(data)
        if len(data) != count:
            raise Failure(f"the stored tuple has {len(data)} items, the annotation {count}")
        return tuple([decode_item(item) for decode_item, item in zip(decoders, data, strict=True)])

    return Node(types=(tuple,), kinds=LIST, encode=encode, decode=decode)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyForm:
    """How the keys of a dict become the keys of a JSON object. `write` gives None for a key that cannot."""

    write: Callable[[Any], str | None]
    read: Callable[[str], Value]


def key_form(key: Node) -> KeyForm | None:
    """The key form of a type of keys; None when its dicts are written as lists of pairs."""
    types = set(key.types)
    cls = types.pop() if len(types) == 1 else None
    if cls is str:
        return KeyForm(write=_write_str, read=str)
    if cls is int:
        return KeyForm(write=_write_int, read=int)
    if cls is uuid.UUID:
        return KeyForm(write=_write_uuid, read=uuid.UUID)
    if cls is not None and issubclass(cls, enum.Enum) and not issubclass(cls, enum.Flag) and len(cls):
        members = cls.__members__

        def write(key: Value) -> str | None:
            return key.name if type(key) is cls and members.get(key.name) is key else None

        return KeyForm(write=write, read=members.__getitem__)
    return None


def _write_str(key: Value) -> str | None:
    return key if type(key) is str and key != TAG and (key.isascii() or is_portable(key)) else None


def _write_int(key: Value) -> str | None:
    return str(key) if type(key) is int and type(encode_int(key)) is int else None


def _write_uuid(key: Value) -> str | None:
    return str(key) if type(key) is uuid.UUID and key.is_safe is uuid.SafeUUID.unknown else None


def object_dict_node(keys: KeyForm, item: Node, dynamic: Dynamic) -> Node:
    """`dict[K, V]` with keys that can be the keys of a JSON object."""
    is_natural = keys.write is _write_str and item.natural
    if is_natural and not item.types:
        return Node(types=(dict,), kinds=OBJECT, natural=True, encode=dynamic.encode, decode=dynamic.decode)
    write_key, read_key = keys.write, keys.read
    encode_item, decode_item = item.encode, item.decode
    mismatch, decode_other = dynamic.apart, dynamic.others("dict")

    def encode(value: Value) -> Json:
        if type(value) is not dict:
            return mismatch(value)
        out: dict[str, Json] = {}
        key: Value = None
        try:
            for key, content in value.items():
                written = write_key(key)
                if written is None:
                    break
                out[written] = encode_item(content)
            else:
                return out
        except Failure as failure:
            raise failure.at(f"[{key!r}]") from None
        return mismatch(value)

    def decode(data: Json) -> Value:
        if type(data) is not dict or TAG in data:
            return decode_other(data)
        return dict(zip(map(read_key, data), map(decode_item, data.values()), strict=True))

    return Node(types=(dict,), kinds=OBJECT, natural=is_natural, encode=encode, decode=decode)


def pairs_dict_node(key: Node, item: Node, dynamic: Dynamic) -> Node:
    """`dict[K, V]` with any other keys: a JSON list of pairs."""
    encode_key, decode_key = key.encode, key.decode
    encode_item, decode_item = item.encode, item.decode
    mismatch, decode_other = dynamic.apart, dynamic.others("dict")

    def encode(value: Value) -> Json:
        if type(value) is not dict:
            return mismatch(value)
        out: list[Json] = []
        for name, content in value.items():
            try:
                written = encode_key(name)
            except Failure as failure:
                raise failure.at(f".keys()[{len(out)}]") from None
            try:
                out.append([written, encode_item(content)])
            except Failure as failure:
                raise failure.at(f"[{name!r}]") from None
        return out

    def decode(data: Json) -> Value:
        if type(data) is not list:
            return decode_other(data)
        return {decode_key(name): decode_item(content) for name, content in data}

    return Node(types=(dict,), kinds=LIST, encode=encode, decode=decode)


def typed_dict_node(fields: dict[str, Node], dynamic: Dynamic) -> Node:
    """A TypedDict: a JSON object; keys that it does not have are kept."""
    encoders = {name: node.encode for name, node in fields.items()}
    decoders = {name: node.decode for name, node in fields.items()}
    mismatch, decode_other = dynamic.apart, dynamic.others("dict")

    def encode(value: Value) -> Json:
        if type(value) is not dict:
            return mismatch(value)
        out: dict[str, Json] = {}
        key: Value = None
        try:
            for key, content in value.items():
                if _write_str(key) is None:
                    break
                out[key] = encoders.get(key, dynamic.encode)(content)
            else:
                return out
        except Failure as failure:
            raise failure.at(f"[{key!r}]") from None
        return mismatch(value)

    def decode(data: Json) -> Value:
        if type(data) is not dict or TAG in data:
            return decode_other(data)
        return {key: decoders.get(key, dynamic.decode)(content) for key, content in data.items()}

    return Node(types=(dict,), kinds=OBJECT, encode=encode, decode=decode)

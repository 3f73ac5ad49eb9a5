"""User classes: data classes of every kind, and enums."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.naming import reference
from dbos_typed.codec.node import INTEGER, STRING, Decoder, Encoder, Node
from dbos_typed.codec.refusals import name_of
from dbos_typed.codec.shape import Shape

OBJECT_TAG = "object"
ENUM_TAG = "enum"

_MISSING = object()

# Where the parts of an instance that are no fields are found in code.
_PLACES = {"extra": ".__dict__", "more": ".model_extra", "private": ".__pydantic_private__"}


class ObjectForm:
    """How the instances of one class are written, given the nodes of its fields."""

    def __init__(self, cls: type[Any], shape: Shape, nodes: list[Node], dynamic: Dynamic) -> None:
        self._cls = cls
        self._ref = reference(cls)
        self._shape = shape
        self._dynamic = dynamic
        names = [field.name for field in shape.fields]
        self._encoders: list[tuple[str, Encoder]] = [
            (name, node.encode) for name, node in zip(names, nodes, strict=True)
        ]
        self._decoders: list[tuple[str, Decoder, Callable[[], Value] | None]] = [
            (field.name, node.decode, field.default) for field, node in zip(shape.fields, nodes, strict=True)
        ]

        self._encode_regular = self.plain_encoder(lambda _: None)

    def plain_encoder(self, mismatch: Encoder) -> Encoder:
        """Encoder of the plain form, an object of the fields; what has no plain form goes to `mismatch`."""
        cls, take, encoders = self._cls, self._shape.take, self._encoders

        def encode(value: Value) -> Json:
            if type(value) is not cls:
                return mismatch(value)
            values = take(value)
            if values is None:
                return mismatch(value)
            out: dict[str, Json] = {}
            name = ""
            try:
                for (name, encode_field), item in zip(encoders, values, strict=True):
                    out[name] = encode_field(item)
            except Failure as failure:
                raise failure.at(f".{name}") from None
            return out

        return encode

    def plain_decoder(self) -> Decoder:
        """Decoder of the plain form and of envelopes."""
        decode_other = self._dynamic.others(name_of(self._cls))
        read_fields, build = self._read_fields, self._shape.build

        def decode(data: Json) -> Value:
            if type(data) is not dict or TAG in data:
                return decode_other(data)
            return build(read_fields(data, ()), {})

        return decode

    def encode_envelope(self, value: Value) -> Json:
        """Write an instance so that it says its class."""
        regular = self._encode_regular(value)
        if regular is not None:
            return {TAG: OBJECT_TAG, "class": self._ref, "value": regular}
        parts = self._shape.take_apart(value)
        fields: dict[str, Json] = {}
        for name, encode_field in self._encoders:
            if name in parts.fields:
                try:
                    fields[name] = encode_field(parts.fields[name])
                except Failure as failure:
                    raise failure.at(f".{name}") from None
        envelope = {TAG: OBJECT_TAG, "class": self._ref, "value": fields}
        rest: dict[str, Json] = {}
        for kind, content in parts.rest.items():
            try:
                rest[kind] = self._dynamic.encode(content)
            except Failure as failure:
                raise failure.at(_PLACES.get(kind, "")) from None
        return {**envelope, "rest": rest} if rest else envelope

    def decode_envelope(self, data: Json) -> Value:
        """Read what `encode_envelope` wrote."""
        rest: dict[str, Any] = self._dynamic.decode(data.get("rest", {}))
        return self._shape.build(self._read_fields(data["value"], rest.get("unset", ())), rest)

    def is_stable(self, value: Value) -> bool:
        """Whether an instance cannot change."""
        if not self._shape.frozen:
            return False
        values = self._shape.take(value)
        return values is not None and all(map(self._dynamic.is_stable, values))

    def _read_fields(self, data: dict[str, Json], unset: Any) -> dict[str, Value]:  # noqa: ANN401  # names
        values: dict[str, Value] = {}
        name = ""
        try:
            for name, decode_field, default in self._decoders:
                item = data.get(name, _MISSING)
                if item is not _MISSING:
                    values[name] = decode_field(item)
                elif name not in unset:
                    values[name] = self._default(default)
        except Failure as failure:
            raise failure.at(f".{name}") from None
        return values

    def _default(self, default: Callable[[], Value] | None) -> Value:
        if default is None:
            raise Failure(
                f"the stored {name_of(self._cls)} was written before the class had this field: give it a default"
            )
        return default()


class EnumForm:
    """How the members of one enum are written: by name, flags by value."""

    def __init__(self, cls: type[enum.Enum]) -> None:
        self._cls = cls
        self._ref = reference(cls)
        self._members = cls.__members__
        self._is_flag = issubclass(cls, enum.Flag)
        self.kind = INTEGER if self._is_flag else STRING
        self._json_type: type[Any] = int if self._is_flag else str

    def encode(self, member: enum.Enum) -> Json:
        """Write a member plainly."""
        if self._is_flag:
            return member.value
        if self._members.get(member.name) is not member:
            raise Failure(f"{member!r} cannot be stored: it is no named member of {name_of(self._cls)}")
        return member.name

    def decode(self, data: Json) -> Value:
        """Read what `encode` wrote."""
        if self._is_flag:
            return self._cls(data)
        member = self._members.get(data)
        if member is None:
            raise Failure(f"{name_of(self._cls)} has no member {data!r} any more: add it back, if only as an alias")
        return member

    def encode_envelope(self, member: enum.Enum) -> Json:
        """Write a member so that it says its class."""
        return {TAG: ENUM_TAG, "class": self._ref, "value": self.encode(member)}

    def decode_envelope(self, data: Json) -> Value:
        """Read what `encode_envelope` wrote."""
        return self.decode(data["value"])

    def node(self, dynamic: Dynamic) -> Node:
        """The node of positions annotated with the enum."""
        cls, json_type, encode_member, decode_member = self._cls, self._json_type, self.encode, self.decode
        mismatch, decode_other = dynamic.apart, dynamic.others(name_of(cls))

        def encode(value: Value) -> Json:
            return encode_member(value) if type(value) is cls else mismatch(value)

        def decode(data: Json) -> Value:
            return decode_member(data) if type(data) is json_type else decode_other(data)

        return Node(types=(cls,), kinds=self.kind, encode=encode, decode=decode)

"""Pydantic models, taken apart as their own copying and unpickling do it. Pydantic itself is never imported."""

# Values of any type are taken apart here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from typing import Any

from dbos_typed.codec.jsontext import Value
from dbos_typed.codec.shape import Field, Parts, Shape, Values, is_cached_property


def is_pydantic_model(cls: type[Any]) -> bool:
    """Whether `cls` is a pydantic model; pydantic is not imported for it."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and issubclass(cls, pydantic.BaseModel) and cls is not pydantic.BaseModel


def is_customised(cls: Any, field_name: str) -> bool:  # noqa: ANN401  # as below
    """Whether a model says itself how a field is written: by a serializer, an annotation, or by leaving it out."""
    info = cls.model_fields[field_name]
    decorators = cls.__pydantic_decorators__
    return bool(
        info.metadata
        or info.exclude
        or decorators.model_serializers
        or cls.model_config.get("json_encoders")
        or any(
            field_name in made.info.fields or "*" in made.info.fields for made in decorators.field_serializers.values()
        )
    )


def pydantic_shape(cls: Any) -> Shape:  # noqa: ANN401  # pydantic is not imported here, so there is no type to name
    """The shape of a pydantic model."""
    pydantic: Any = sys.modules["pydantic"]
    if not getattr(cls, "__pydantic_complete__", True):
        cls.model_rebuild(raise_errors=False)
    model_fields: dict[str, Any] = cls.model_fields
    names = tuple(model_fields)
    every = frozenset(names)

    def take(value: Value) -> Sequence[Value] | None:
        state = vars(value)
        if (
            value.__pydantic_fields_set__ != every
            or value.__pydantic_extra__
            or value.__pydantic_private__
            or state.keys() != every
        ):
            return None
        return [state[name] for name in names]

    def take_apart(value: Value) -> Parts:
        state = vars(value)
        rest: dict[str, Value] = {
            "set": sorted(value.__pydantic_fields_set__),
            "unset": [name for name in names if name not in state],
            "extra": {
                name: item for name, item in state.items() if name not in every and not is_cached_property(cls, name)
            },
            "more": value.__pydantic_extra__,
            "private": value.__pydantic_private__,
        }
        return Parts(
            fields={name: state[name] for name in names if name in state},
            rest={kind: content for kind, content in rest.items() if content or kind == "set"},
        )

    has_more = cls.model_config.get("extra") == "allow"
    has_private = bool(cls.__private_attributes__)

    def build(values: Values, rest: dict[str, Value]) -> Value:
        built = object.__new__(cls)
        # What BaseModel's own unpickling sets.
        state = {
            "__dict__": {**values, **rest.get("extra", {})},
            "__pydantic_fields_set__": set(rest["set"]) if "set" in rest else set(every),
            "__pydantic_extra__": rest.get("more") or ({} if has_more else None),
            "__pydantic_private__": rest.get("private") or ({} if has_private else None),
        }
        pydantic.BaseModel.__setstate__(built, state)
        return built

    def field(name: str, info: Any) -> Field:  # noqa: ANN401  # as above
        required = info.is_required()
        return Field(
            name=name,
            annotation=functools.partial(getattr, info, "annotation"),
            default=None if required else functools.partial(_pydantic_default, info),
        )

    return Shape(
        fields=tuple(field(name, info) for name, info in model_fields.items()),
        frozen=False,
        take=take,
        take_apart=take_apart,
        build=build,
    )


def _pydantic_default(info: Any) -> Value:  # noqa: ANN401  # as above
    return info.get_default(call_default_factory=True)

"""The shapes of data classes: NamedTuples, dataclasses, attrs classes and pydantic models."""

# Values of any type are taken apart here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

from dbos_typed.codec.annotations import ClassAnnotations
from dbos_typed.codec.attributes import attribute_shape
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import Value
from dbos_typed.codec.pydantic_shapes import is_pydantic_model, pydantic_shape
from dbos_typed.codec.refusals import name_of
from dbos_typed.codec.shape import Field, Parts, Shape, Values, annotation_of


def shape_of(cls: type[Any], arguments: tuple[object, ...] = ()) -> Shape | None:
    """The shape of a class with its type arguments; None when it is no data class. Raises Failure."""
    if issubclass(cls, BaseException):
        return None
    if issubclass(cls, tuple):
        return _named_tuple(cls, arguments) if hasattr(cls, "_fields") else None
    if is_pydantic_model(cls):
        return pydantic_shape(cls)
    if dataclasses.is_dataclass(cls):
        return _dataclass(cls, arguments)
    if hasattr(cls, "__attrs_attrs__"):
        return _attrs(cls, arguments)
    return None


def is_data_class(cls: type[Any]) -> bool:
    """Whether `cls` is a dataclass or an attrs class."""
    return dataclasses.is_dataclass(cls) or hasattr(cls, "__attrs_attrs__")


def _named_tuple(cls: type[tuple[Value, ...]], arguments: tuple[object, ...]) -> Shape:
    annotations = ClassAnnotations(cls, arguments)
    names: tuple[str, ...] = getattr(cls, "_fields", ())
    defaults: Values = getattr(cls, "_field_defaults", {})
    count = len(names)

    def take(value: tuple[Value, ...]) -> Sequence[Value] | None:
        return value if len(value) == count and not getattr(value, "__dict__", None) else None

    def take_apart(value: tuple[Value, ...]) -> Parts:
        if len(value) != count:
            raise Failure(f"a {name_of(cls)} with {len(value)} items instead of {count} cannot be stored")
        extra: Values = dict(getattr(value, "__dict__", {}))
        return Parts(fields=dict(zip(names, value, strict=True)), rest={"extra": extra} if extra else {})

    def build(values: Values, rest: dict[str, Value]) -> Value:
        built = tuple.__new__(cls, [values[name] for name in names])
        if rest:
            vars(built).update(rest["extra"])
        return built

    return Shape(
        fields=tuple(
            Field(
                name=name,
                annotation=annotation_of(annotations, name),
                default=functools.partial(defaults.__getitem__, name) if name in defaults else None,
            )
            for name in names
        ),
        frozen=True,
        take=take,
        take_apart=take_apart,
        build=build,
    )


def _dataclass(cls: type[Any], arguments: tuple[object, ...]) -> Shape:
    annotations = ClassAnnotations(cls, arguments)
    fields: list[Field] = []
    for field in dataclasses.fields(cls):
        default: Callable[[], Value] | None = None
        if field.default is not dataclasses.MISSING:
            default = functools.partial(_same, field.default)
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory
        fields.append(Field(name=field.name, annotation=annotation_of(annotations, field.name), default=default))
    return attribute_shape(cls, fields, frozen=cls.__dataclass_params__.frozen)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]  # every dataclass has it; the stubs do not say so


def _attrs(cls: type[Any], arguments: tuple[object, ...]) -> Shape:
    annotations = ClassAnnotations(cls, arguments)
    attrs = sys.modules["attr"]
    fields: list[Field] = []
    attribute: Any
    for attribute in cls.__attrs_attrs__:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # the mark of an attrs class, which the caller has seen
        default: Callable[[], Value] | None = None
        if isinstance(attribute.default, attrs.Factory):
            # A factory that wants the half-made instance cannot help out.
            default = None if attribute.default.takes_self else attribute.default.factory
        elif attribute.default is not attrs.NOTHING:
            default = functools.partial(_same, attribute.default)
        annotation = annotation_of(annotations, attribute.name)
        if attribute.type is not None and not isinstance(attribute.type, str) and not arguments:
            annotation = functools.partial(_own_type, annotations, attribute.name, attribute.type)
        fields.append(Field(name=attribute.name, annotation=annotation, default=default))
    return attribute_shape(cls, fields, frozen=False)


def _own_type(annotations: ClassAnnotations, name: str, declared: object) -> object:
    """The annotation, or for `attr.ib(type=int)`, which has none, what it was declared with."""
    annotation = annotations.resolve(name)
    return declared if annotation is Any else annotation


def _same(value: Value) -> Value:
    return value

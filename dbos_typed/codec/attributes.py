"""Classes whose instances keep their fields in attributes: dataclasses and attrs classes."""

# Values of any type are taken apart here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import Value
from dbos_typed.codec.refusals import refuse
from dbos_typed.codec.shape import Field, Parts, Shape, Values, is_cached_property

# Left in instances by typing and attrs; they say nothing that the class and the fields do not say.
_TRACES = frozenset({"__orig_class__", "__weakref__", "__dict__"})
_HASH_CACHE = "_attrs_cached_hash"


def attribute_shape(cls: type[Any], fields: Iterable[Field], *, frozen: bool) -> Shape:
    """The shape of a class with these fields. Raises Failure when instances cannot be made without its own code."""
    _check_constructible(cls)
    fields = tuple(fields)
    names = tuple(field.name for field in fields)
    other_slots = frozenset(_slots(cls)) - set(names) - _TRACES
    is_plain = not other_slots and not any(_is_slot_or_property(cls, name) for name in names)
    if is_plain:
        take = _taker_from_dict(names)
    else:
        take = _taker_from_attributes(names, has_dict=cls.__dictoffset__ != 0, always_more=bool(other_slots))
    return Shape(
        fields=fields,
        frozen=frozen,
        take=take,
        take_apart=_part_taker(cls, names, other_slots),
        build=_builder(cls, is_plain=is_plain),
    )


def _taker_from_dict(names: tuple[str, ...]) -> Callable[[Value], Sequence[Value] | None]:
    take_values = _getter(operator.itemgetter, names)
    count = len(names)

    def take(value: Value) -> Sequence[Value] | None:
        state = vars(value)
        try:
            return take_values(state) if len(state) == count else None
        except KeyError:
            return None

    return take


def _taker_from_attributes(
    names: tuple[str, ...], *, has_dict: bool, always_more: bool
) -> Callable[[Value], Sequence[Value] | None]:
    take_values = _getter(operator.attrgetter, names)
    names_set = frozenset(names)

    def take(value: Value) -> Sequence[Value] | None:
        if always_more or (has_dict and not vars(value).keys() <= names_set):
            return None
        try:
            return take_values(value)
        except AttributeError:
            return None

    return take


def _part_taker(cls: type[Any], names: tuple[str, ...], other_slots: frozenset[str]) -> Callable[[Value], Parts]:
    has_dict = cls.__dictoffset__ != 0

    def take_apart(value: Value) -> Parts:
        present = {name: getattr(value, name) for name in names if hasattr(value, name)}
        extra: Values = {name: getattr(value, name) for name in sorted(other_slots) if hasattr(value, name)}
        if has_dict:
            extra |= {
                name: item
                for name, item in vars(value).items()
                if name not in names and name not in _TRACES and not is_cached_property(cls, name)
            }
        if extra.get(_HASH_CACHE) is not None:
            extra[_HASH_CACHE] = None  # hashes differ from process to process
        rest: Values = {"extra": extra} if extra else {}
        if len(present) < len(names):
            rest["unset"] = [name for name in names if name not in present]
        return Parts(fields=present, rest=rest)

    return take_apart


def _builder(cls: type[Any], *, is_plain: bool) -> Callable[[Values, Values], Value]:
    set_attribute = object.__setattr__

    def build(values: Values, rest: Values) -> Value:
        built: Value = object.__new__(cls)
        if is_plain:
            built.__dict__.update(values)
        else:
            for name, item in values.items():
                set_attribute(built, name, item)
        if rest:
            for name, item in rest.get("extra", {}).items():
                set_attribute(built, name, item)
        return built

    return build


def _getter(
    kind: Callable[..., Callable[[Value], Value]], names: tuple[str, ...]
) -> Callable[[Value], Sequence[Value]]:
    """Get several items or attributes at once, always as a sequence."""
    if not names:
        return lambda _: ()
    get = kind(*names)
    return get if len(names) > 1 else lambda state: (get(state),)


def _check_constructible(cls: type[Any]) -> None:
    try:
        object.__new__(cls)
    except TypeError:
        raise Failure(refuse(cls)) from None


def _slots(cls: type[Any]) -> set[str]:
    return {
        name
        for base in cls.__mro__
        for name, thing in vars(base).items()
        if isinstance(thing, MemberDescriptorType | GetSetDescriptorType) and base is not object
    }


def _is_slot_or_property(cls: type[Any], name: str) -> bool:
    return any(hasattr(type(vars(base)[name]), "__set__") for base in cls.__mro__ if name in vars(base))

"""What a user's data class consists of, and the way there and back.

Instances are taken apart into field values and put together again without running code of the class: no `__init__`,
no `__post_init__`, no validator. So a value comes back as it was, whatever happened to it since it was made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dbos_typed.codec.annotations import ClassAnnotations
from dbos_typed.codec.jsontext import Value

Values: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: its name, its type when asked for, and what stands in when a record is older than the field."""

    name: str
    annotation: Callable[[], object]
    default: Callable[[], Value] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An instance taken apart: the fields that are set, and whatever else it consists of, by kind."""

    fields: Values
    rest: dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the instances of one class are taken apart and put together.

    `take` gives the field values in order, or None when an instance consists of more or less than its fields: then
    `take_apart` says of what. `build` is the way back.
    """

    fields: tuple[Field, ...]
    frozen: bool
    take: Callable[[Value], Sequence[Value] | None]
    take_apart: Callable[[Value], Parts]
    build: Callable[[Values, dict[str, Value]], Value]


def annotation_of(annotations: ClassAnnotations, name: str) -> Callable[[], object]:
    """The type of a field, evaluated when it is asked for."""
    return functools.partial(annotations.resolve, name)


def is_cached_property(cls: type[Any], name: str) -> bool:
    """Whether an entry of an instance's `__dict__` is there only to save computing it again."""
    return any(isinstance(vars(base).get(name), functools.cached_property) for base in cls.__mro__)

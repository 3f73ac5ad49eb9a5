"""Types, described apart from how they were found: in source text, or by a type checker."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias


class ClassForm(enum.Enum):
    """What sort of class it is, which decides how its instances are taken apart."""

    DATA = "dataclass or attrs class"
    PYDANTIC = "pydantic model"
    NAMED_TUPLE = "NamedTuple"
    TYPED_DICT = "TypedDict"
    ENUM = "enum"
    EXCEPTION = "exception"
    PLAIN = "class"


@dataclass(frozen=True, slots=True)
class UnknownType:
    """Anything may stand here: Any, object, a free type variable, or a type that could not be found out."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A union, or the constraints of a type variable."""

    members: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """``Annotated[inner, ...]``: other libraries may find there what to do with the value."""

    inner: Described


@dataclass(frozen=True, slots=True)
class FixedTuple:
    """``tuple[A, B]``."""

    items: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A class with its type arguments. ``name`` is dotted and public: ``threading.Lock``, ``shop.models.Order``.

    ``look`` says what is known of a class that no table names; None when too little is. It is asked late because
    classes refer to each other.
    """

    name: str
    args: tuple[Described, ...] = ()
    look: Callable[[], ClassFacts | None] = field(default=lambda: None, compare=False, repr=False)


Described: TypeAlias = UnknownType | AnyOf | Marked | FixedTuple | Named

UNKNOWN = UnknownType()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a class, the type arguments of the class put in.

    ``is_customised``: the class says itself how the field is written.
    """

    name: str
    type: Described
    is_customised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFacts:
    """What the decision needs to know of a class.

    ``bases``: the dotted names of all its bases, nearest first. ``members``: names that the class or a base of the
    program binds. ``is_abstract``: a protocol, or abstract methods are left. ``makes_itself``: the class or a base
    other than a protocol has an ``__init__`` or ``__new__``.
    """

    name: str
    kind: ClassForm
    fields: tuple[Field, ...] = ()
    bases: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()
    is_abstract: bool = False
    makes_itself: bool = False

"""What a scan found, as plain frozen values: the only thing the renderer sees."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dbos_gen.vocabulary.contracts import Contract, Shape
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef


class ParamKind(enum.Enum):
    """How an argument reaches its parameter."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL_OR_KEYWORD = "positional or keyword"
    VAR_POSITIONAL = "*args"
    KEYWORD_ONLY = "keyword-only"
    VAR_KEYWORD = "**kwargs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter of a workflow, without its receiver."""

    name: str
    kind: ParamKind
    type: TypeRef
    has_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Parameters and result of one overload of a workflow; the result of an async one is what awaiting it gives."""

    params: tuple[Param, ...]
    result: TypeRef

    def with_types(self, change: Callable[[TypeRef], TypeRef]) -> Signature:
        """Return the signature with every type changed."""
        params = tuple(replace(param, type=change(param.type)) for param in self.params)
        return Signature(params=params, result=change(self.result))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeVariable:
    """A type parameter written in brackets (``def run[T: Base](...)``), which the stub declares the older way."""

    name: str
    bound: TypeRef | None = None
    constraints: tuple[TypeRef, ...] = ()


class Receiver(enum.Enum):
    """What a workflow is called on."""

    NONE = "function"
    INSTANCE = "instance method"
    CLASS = "classmethod"
    STATIC = "staticmethod"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event that a workflow sets; ``declared`` is its ``Event[T]`` constant, if the key is given by one."""

    key: str
    type: TypeRef
    declared: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic that a workflow receives from; ``None`` is the topic of messages sent without one."""

    name: str | None
    type: TypeRef
    declared: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream that a workflow writes, in its own body or in a step."""

    key: str
    type: TypeRef
    declared: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """One workflow: how it is registered, called and talked to.

    ``owner`` is the class of a method, ``owner_parameters`` are the type parameters of that class, and ``class_name``
    is the name it is registered under (None for static methods). ``is_generic`` says that the result depends on the
    arguments of the call, ``is_inherited`` that a base of the class defines the method.
    """

    qualname: str
    name: str
    line: int
    receiver: Receiver
    owner: Reference | None
    owner_parameters: tuple[Reference, ...] = ()
    class_name: str | None
    is_async: bool
    signatures: tuple[Signature, ...]
    is_generic: bool
    type_variables: tuple[TypeVariable, ...]
    events: tuple[Event, ...]
    topics: tuple[Topic, ...]
    streams: tuple[Stream, ...]
    doc: str | None
    is_inherited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One scanned module; ``path`` is as messages show it, and ``digest`` covers the files that its stub comes from.

    ``contracts`` are those of its workflows; ``shapes`` the stored forms of the project's classes that they mention.
    """

    name: str
    path: str
    digest: str
    workflows: tuple[Workflow, ...]
    contracts: tuple[Contract, ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict[str, Shape])

"""A workflow's contract as plain frozen values: signature, events, topics and the skeleton of its recorded calls."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


class CallKind(enum.Enum):
    """What a recorded call is; a workflow is called in place or only started."""

    STEP = "step"
    TRANSACTION = "transaction"
    WORKFLOW = "workflow"
    START = "start"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that is recorded under ``name``; ``result`` is the type of its record, empty when the source does not say.

    ``about`` is the key of an event or stream, or the topic of a message.
    """

    kind: CallKind
    name: str
    result: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision: ``on`` is the condition as written, ``given`` the statements that its value comes from.

    ``arms`` are the ways to go on, each with its label.
    """

    keyword: str
    on: str
    given: tuple[str, ...] = ()
    arms: tuple[tuple[str, Skeleton], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """A body that is repeated; ``on`` is empty when nothing but ``break`` and ``return`` ends it."""

    keyword: str
    on: str
    given: tuple[str, ...] = ()
    body: Skeleton


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A ``try``: handlers by the exceptions they catch, and what follows on every path."""

    body: Skeleton
    handlers: tuple[tuple[str, Skeleton], ...] = ()
    finally_: Skeleton = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """``if DBOS.patch(name)``: ``then`` for runs that have the marker or reach it first, ``orelse`` for older ones."""

    name: str
    then: Skeleton
    orelse: Skeleton = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecated:
    """``DBOS.deprecate_patch(name)``: passes over the marker where there is one."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A function that is called in place and may return early."""

    body: Skeleton


class Exit(enum.Enum):
    """A way to leave: the function, the iteration, or the loop."""

    RETURN = "return"
    RAISE = "raise"
    BREAK = "break"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """A statement after which nothing of its sequence is reached."""

    exit: Exit


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """A call of something that only the running program knows: what it records cannot be told."""

    text: str


Node: TypeAlias = Call | Choice | Loop | Attempt | Patch | Deprecated | Block | Leave | Opaque
Skeleton: TypeAlias = tuple[Node, ...]


def bodies(node: Node) -> tuple[Skeleton, ...]:
    """Return the skeletons that a node holds, in the order in which they are written."""
    match node:
        case Choice(arms=arms):
            return tuple(body for _, body in arms)
        case Loop(body=body) | Block(body=body):
            return (body,)
        case Attempt(body=body, handlers=handlers, finally_=finally_):
            return (body, *(handled for _, handled in handlers), finally_)
        case Patch(then=then, orelse=orelse):
            return then, orelse
        case _:
            return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; ``kind`` is a value of ``ParamKind``."""

    name: str
    kind: str
    type: str
    has_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What callers, readers, senders and running workflows rely on; ``name`` is the registered one.

    ``receiver`` is a value of ``Receiver``; ``class_name`` is None for functions and static methods. ``classes`` are
    the project's classes that its records may name: those that are stored, and exceptions that are raised or caught.
    """

    name: str
    module: str
    qualname: str
    receiver: str
    class_name: str | None
    is_async: bool
    signatures: tuple[tuple[tuple[Parameter, ...], str], ...]
    events: Mapping[str, str] = field(default_factory=dict[str, str])
    topics: Mapping[str, str] = field(default_factory=dict[str, str])
    streams: Mapping[str, str] = field(default_factory=dict[str, str])
    calls: Skeleton = ()
    classes: tuple[str, ...] = ()


class ShapeKind(enum.Enum):
    """What a class of the project stores."""

    FIELDS = "fields"
    MEMBERS = "members"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The stored form of a class of the project: fields with their types, enum members with their values, or an alias.

    ``optional`` are the fields that have a default.
    """

    kind: ShapeKind
    entries: Mapping[str, str]
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """All contracts by registered name, and the shapes of the project's classes that they mention, by dotted name."""

    workflows: Mapping[str, Contract]
    shapes: Mapping[str, Shape]

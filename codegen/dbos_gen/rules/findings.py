"""What a rule says about a line of the user's code."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from dbos_gen.model import TypeRef


class Rule(enum.Enum):
    """The rules by the codes under which they are reported and silenced."""

    WORKFLOW = "dbos-workflow"
    ASYNC = "dbos-async"
    CONTEXT = "dbos-context"
    SERIALIZABLE = "dbos-serializable"
    DETERMINISTIC = "dbos-deterministic"
    EVENT = "dbos-event"
    TOPIC = "dbos-topic"
    STALE = "dbos-stale"
    ENQUEUE = "dbos-enqueue"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Note:
    """Another place that explains a finding: the helper in which the clock is read, for example.

    ``path`` is relative with forward slashes; ``line`` counts from 1.
    """

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Finding:
    """One finding, reported where its remedy is applied.

    ``path`` is relative with forward slashes, ``line`` counts from 1 and ``column`` from 0; ``code`` is a ``Rule``'s
    value; ``text`` says what is wrong and ``hint`` what to write instead.
    """

    path: str
    line: int
    column: int
    code: str
    text: str
    hint: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownType:
    """What the program knows of a call whose own annotations say ``Any``: an event's value, a workflow's result.

    ``line`` and ``column`` are those of the call, counted as in ``Finding``.
    """

    line: int
    column: int
    type: TypeRef

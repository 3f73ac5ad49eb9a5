"""What a rule says about a line of the user's code."""

from __future__ import annotations

import enum
from dataclasses import dataclass


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

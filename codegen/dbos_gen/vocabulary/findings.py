"""What a rule says about a line of the user's code.

Named tuples, as the type checker imports this in every run: they are made in a fifth of a dataclass's time.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dbos_gen.vocabulary.type_expressions import TypeRef


class Rule(enum.Enum):
    """The rules by the codes under which they are reported and silenced."""

    WORKFLOW = "dbos-workflow"
    ASYNC = "dbos-async"
    CONTEXT = "dbos-context"
    SERIALIZABLE = "dbos-serializable"
    DETERMINISTIC = "dbos-deterministic"
    DETERMINISTIC_LOG = "dbos-deterministic-log"
    EVENT = "dbos-event"
    TOPIC = "dbos-topic"
    STALE = "dbos-stale"
    ENQUEUE = "dbos-enqueue"


OPTIONAL = frozenset({Rule.DETERMINISTIC_LOG.value})
"""The codes that are off until the configuration enables them."""


class Note(NamedTuple):
    """Another place that explains a finding: the helper in which the clock is read, for example.

    ``path`` is relative with forward slashes; ``line`` counts from 1.
    """

    path: str
    line: int
    text: str


class Finding(NamedTuple):
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


class KnownType(NamedTuple):
    """What the program knows of a call whose own annotations say ``Any``: an event's value, a workflow's result.

    ``line`` and ``column`` are those of the call, counted as in ``Finding``.
    """

    line: int
    column: int
    type: TypeRef

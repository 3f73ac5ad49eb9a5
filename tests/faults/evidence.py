"""What the observer knows when a trial is over: rows of the database, and the ledgers of the executors."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.faults.effects import ACCEPTED, ASKED, Effect, read_answers, read_effects, read_ids


class Observed(Protocol):
    """A database as the observer reads it, whatever the fault does to the application's sessions."""

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        """Rows of a query; `{prefix}` stands before the names of the engine's tables. Raises the driver's errors."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A workflow as it is stored."""

    name: str
    status: str
    output: str | None
    error: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """How many workflows of a queue ran on an executor at one moment."""

    at: float
    queue: str
    executor: str
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything on which the judges decide."""

    workflows: Mapping[str, Stored]
    recorded: Mapping[tuple[str, str], Sequence[float]] = field(default_factory=dict)
    """Workflow, step -> when the bodies ended whose outcomes are the records, in order."""
    payments: Mapping[str, int] = field(default_factory=dict)
    effects: Sequence[Effect] = ()
    sightings: Sequence[Sighting] = ()
    asked: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    doomed: frozenset[str] = frozenset()
    """Executors that were killed on purpose."""
    stops: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Executors that were frozen, and from when to when."""
    died: Mapping[str, str] = field(default_factory=dict)
    """Executors that ended by themselves, and their last words."""
    has_lost_history: bool = False
    """Whether the server was restored from a copy that did not know everything."""


def driver_of(workflow_id: str) -> str:
    """The executor that started a workflow of the load."""
    return workflow_id.partition(".")[0]


def unanswered(folder: Path, living: Sequence[str]) -> set[str]:
    """What drivers of the living executors began to start and have no result of."""
    answered = read_answers(folder)
    return {each for each in read_ids(folder, ASKED) if driver_of(each) in living and each not in answered}


def sightings(database: Observed, at: float) -> list[Sighting]:
    """What runs from queues now."""
    rows = database.rows(
        "SELECT queue_name, coalesce(executor_id, ''), count(*) FROM {prefix}workflows "
        "WHERE status = 'PENDING' AND queue_name IS NOT NULL GROUP BY 1, 2"
    )
    return [Sighting(at, queue, executor, count) for queue, executor, count in rows]


def gathered(
    database: Observed,
    folder: Path,
    seen: Sequence[Sighting],
    *,
    doomed: frozenset[str],
    stops: Mapping[str, tuple[float, float]],
    died: Mapping[str, str],
    has_lost_history: bool,
) -> Evidence:
    """The evidence of a trial whose executors have come to rest."""
    found = database.rows("SELECT workflow_id, name, status, output, error, parent_workflow_id FROM {prefix}workflows")
    recorded: dict[tuple[str, str], list[float]] = {}
    for workflow_id, name, completed_at in database.rows(
        "SELECT workflow_id, name, completed_at FROM {prefix}steps ORDER BY workflow_id, number"
    ):
        recorded.setdefault((workflow_id, name), []).append(completed_at / 1000)
    return Evidence(
        workflows={
            row[0]: Stored(row[1], row[2], None if row[3] is None else str(json.loads(row[3])), row[4], row[5])
            for row in found
        },
        recorded=recorded,
        payments=Counter(workflow_id for (workflow_id,) in database.rows("SELECT workflow_id FROM payments")),
        effects=read_effects(folder),
        sightings=seen,
        asked=frozenset(read_ids(folder, ASKED)),
        accepted=frozenset(read_ids(folder, ACCEPTED)),
        answers=read_answers(folder),
        doomed=doomed,
        stops=stops,
        died=died,
        has_lost_history=has_lost_history,
    )

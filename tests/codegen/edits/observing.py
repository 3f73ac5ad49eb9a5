"""What stands in the database after runs, without their ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.codegen.edits.services import neutral, tree_of

_WAITING = frozenset({"DBOS.recv", "DBOS.getEvent"})
FINAL = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One workflow; `history` are the recorded calls as (kind, name)."""

    name: str
    status: str
    outcome: str
    history: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A workflow with all that it started, by the numbers of the calls that did, and how often it did what outside."""

    runs: Mapping[str, Run]
    effects: Mapping[str, int]

    @property
    def root(self) -> Run:
        return self.runs["ID"]

    @property
    def unfinished(self) -> list[str]:
        return [f"{run.name} ({name}) is {run.status}" for name, run in self.runs.items() if run.status not in FINAL]


@contextmanager
def connected(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        yield connection


def unfinished(database: Path) -> list[str]:
    """Return the ids of the workflows that have not ended."""
    with connected(database) as connection:
        rows = connection.execute("SELECT workflow_id, status FROM dbos_workflows").fetchall()
    return [workflow_id for workflow_id, status in rows if status not in FINAL]


def trees(database: Path, ledger: Mapping[str, Mapping[str, int]]) -> dict[str, Tree]:
    """Return every tree by the id of its root."""
    with connected(database) as connection:
        workflows = connection.execute(
            "SELECT workflow_id, name, status, coalesce(output, ''), coalesce(error, '') FROM dbos_workflows"
        ).fetchall()
        steps = connection.execute(
            "SELECT workflow_id, number, kind, name, child_id FROM dbos_steps ORDER BY number"
        ).fetchall()
    waits = {(workflow_id, number) for workflow_id, number, _, name, _ in steps if name in _WAITING}
    histories: dict[str, list[tuple[str, str]]] = {}
    starts: dict[str, tuple[str, int]] = {}
    for workflow_id, number, kind, name, child_id in steps:
        if kind == "workflow" and child_id is not None:
            starts[child_id] = (workflow_id, number)
        # How long to wait is recorded only when nothing is there yet, which is a matter of chance.
        if name != "DBOS.sleep" or (workflow_id, number - 1) not in waits:
            histories.setdefault(workflow_id, []).append((kind, name))
    found: dict[str, dict[str, Run]] = {}
    for workflow_id, name, status, output, error in workflows:
        found.setdefault(tree_of(workflow_id), {})[_place(workflow_id, starts)] = Run(
            name=name,
            status=status,
            outcome=neutral(output or error),
            history=tuple(histories.get(workflow_id, ())),
        )
    return {tree: Tree(runs=runs, effects=dict(ledger.get(tree, {}))) for tree, runs in found.items()}


def _place(workflow_id: str, starts: Mapping[str, tuple[str, int]]) -> str:
    """Return what tells a workflow from others of its tree, whatever id it was given."""
    if workflow_id not in starts:
        return neutral(workflow_id)
    parent, number = starts[workflow_id]
    return f"{_place(parent, starts)}-{number}"


def put_back(database: Path, begun: set[str]) -> None:
    """Put workflows that were taken from a queue and did nothing back, as if their process had died a moment before."""
    with connected(database) as connection:
        rows = connection.execute(
            "SELECT workflow_id FROM dbos_workflows WHERE status = 'PENDING' AND queue_name IS NOT NULL"
        ).fetchall()
        for (workflow_id,) in rows:
            if workflow_id not in begun:
                connection.execute(
                    "UPDATE dbos_workflows SET status = 'ENQUEUED', executor_id = NULL, started_at = NULL"
                    " WHERE workflow_id = ?",
                    (workflow_id,),
                )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

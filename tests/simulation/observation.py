"""What a database holds of a workflow and of those that it started, freed of what differs from run to run."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, create_engine, make_url, text

_VOLATILE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|0x[0-9a-f]{8,}|\d{9,}(\.\d+)?")
"""Generated ids, addresses, moments and run tokens."""

CREATE_TABLES = (
    "CREATE TABLE payments (workflow_id TEXT NOT NULL, amount INTEGER NOT NULL)",
    "CREATE TABLE accounts (workflow_id TEXT PRIMARY KEY, balance INTEGER NOT NULL)",
)
"""Of the application."""

_QUERIES: Mapping[str, str] = {
    "workflows": "SELECT workflow_id, name, status, output, error FROM {dbos}workflows "
    "WHERE workflow_id LIKE :ours ORDER BY 1",
    "steps": "SELECT workflow_id, number, name, kind, "
    # What a status was depends on how far the workflow had come, and a listing of steps holds such statuses.
    "CASE WHEN name IN ('DBOS.getStatus', 'DBOS.listWorkflowSteps') THEN NULL ELSE output END, "
    "error, child_id FROM {dbos}steps "
    "WHERE workflow_id LIKE :ours ORDER BY 1, 2",
    "messages": "SELECT destination_id, topic, payload, taken_by FROM {dbos}messages "
    "WHERE destination_id LIKE :ours ORDER BY 1, seq",
    "events": "SELECT workflow_id, key, value FROM {dbos}events WHERE workflow_id LIKE :ours ORDER BY 1, 2",
    "streams": "SELECT workflow_id, key, position, value FROM {dbos}streams "
    "WHERE workflow_id LIKE :ours ORDER BY 1, 2, 3",
}
_APPLICATION_QUERIES: Mapping[str, str] = {
    "payments": "SELECT workflow_id, amount FROM payments WHERE workflow_id LIKE :ours ORDER BY 1, 2",
    "accounts": "SELECT workflow_id, balance FROM accounts WHERE workflow_id LIKE :ours ORDER BY 1",
}
_SEPARATE_QUERIES: Mapping[str, str] = {
    "transactions": "SELECT workflow_id, number, name, output, error FROM {dbos}transactions "
    "WHERE workflow_id LIKE :ours ORDER BY 1, 2",
}
"""Where the application has a database of its own."""
UNSTEADY = ("asked", "endless", "endless_program", "endless_queued", "holder", "listener")
"""Workflows of these names are cancelled or sent to at moments of their own, so that their steps are not compared."""
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "RETRIES_EXCEEDED")


@dataclass(frozen=True, slots=True)
class Observation:
    """Equal for two runs that came to the same."""

    tables: Mapping[str, tuple[tuple[Any, ...], ...]]

    def differences(self, other: "Observation") -> list[str]:
        """What this one has and the other has not, and the other way round."""
        found: list[str] = []
        for name, rows in self.tables.items():
            # Counted, because a row that is there twice is one too many.
            wanted, there = Counter(rows), Counter(other.tables[name])
            found += [f"{name}: missing {row}" for row in (wanted - there).elements()]
            found += [f"{name}: not expected {row}" for row in (there - wanted).elements()]
        return found


class Observer:
    """Looks into a database beside the engine."""

    def __init__(self, url: str, application_url: str | None = None) -> None:
        """`application_url` is that of the application's database, when it has one of its own."""
        self.backend = "sqlite" if make_url(url).get_backend_name() == "sqlite" else "postgres"
        self._prefix = "dbos_" if self.backend == "sqlite" else "dbos_typed."
        self._engine = _engine(url)
        self._application = self._engine if application_url is None else _engine(application_url)
        self._is_separate = application_url is not None

    def create_tables(self) -> None:
        """Create the application's own tables."""
        with self._application.begin() as connection:
            for statement in CREATE_TABLES:
                connection.execute(text(statement))

    def observe(self, workflow_id: str) -> Observation:
        """Everything that is stored of the workflow, and of those whose ids begin with its own."""
        found = self._tables(_QUERIES, self._engine, workflow_id)
        found |= self._tables(_APPLICATION_QUERIES, self._application, workflow_id)
        if self._is_separate:
            found |= self._tables(_SEPARATE_QUERIES, self._application, workflow_id)
        unsteady = {row[0] for row in found["workflows"] if row[1] in UNSTEADY}
        return Observation({**found, "steps": tuple(row for row in found["steps"] if row[0] not in unsteady)})

    def unfinished(self, workflow_id: str) -> list[tuple[str, str]]:
        """The ids and statuses of those that have not ended."""
        rows = self._rows(_QUERIES["workflows"], self._engine, workflow_id)
        return [(row[0], row[2]) for row in rows if row[2] not in ENDED]

    def is_waiting(self, workflow_id: str) -> bool:
        """Whether the workflow has recorded until when it waits."""
        query = "SELECT 1 FROM {dbos}steps WHERE workflow_id LIKE :ours AND name = 'DBOS.sleep'"
        return bool(self._rows(query, self._engine, workflow_id))

    def give_to(self, workflow_id: str, executor_id: str) -> None:
        """Let the row of a workflow say that another executor owns it, and runs it."""
        row = f"{self._prefix}workflows"
        statement = f"UPDATE {row} SET executor_id = :owner, run_token = run_token + 1 WHERE workflow_id = :id"
        with self._engine.begin() as connection:
            connection.execute(text(statement), {"owner": executor_id, "id": workflow_id})

    def close(self) -> None:
        self._engine.dispose()
        self._application.dispose()

    def _tables(
        self, queries: Mapping[str, str], engine: Engine, workflow_id: str
    ) -> dict[str, tuple[tuple[Any, ...], ...]]:
        return {
            name: tuple(
                tuple(scrubbed(value, workflow_id) for value in row) for row in self._rows(query, engine, workflow_id)
            )
            for name, query in queries.items()
        }

    def _rows(self, query: str, engine: Engine, workflow_id: str) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            result = connection.execute(text(query.replace("{dbos}", self._prefix)), {"ours": f"{workflow_id}%"})
            return [tuple(row) for row in result]


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return create_engine(parsed if is_sqlite else parsed.set(drivername="postgresql+psycopg"))


def scrubbed(value: object, workflow_id: str) -> object:
    """The value with `W` for the workflow's id, and without generated ids and moments."""
    if not isinstance(value, str):
        return value
    return _VOLATILE.sub("#", value.replace(workflow_id, "W"))

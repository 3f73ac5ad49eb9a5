"""The smallest tables that durable workflows need, and the bare drivers to write them with."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

import psycopg

from benchmarks.scenarios import STEPS

Row = tuple[str | int | None, ...]
Write = tuple[str, Row]

SCHEMA = (
    (
        "CREATE TABLE workflow (id TEXT PRIMARY KEY, status TEXT NOT NULL, name TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, input TEXT, output TEXT)"
    ),
    (
        "CREATE TABLE step (workflow_id TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, output TEXT,"
        " PRIMARY KEY (workflow_id, number))"
    ),
    "CREATE TABLE message (id TEXT PRIMARY KEY, workflow_id TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL)",
)
_START = "INSERT INTO workflow (id, status, name, created_at, input) VALUES (?, 'PENDING', 'workflow', ?, ?)"
CHECKPOINT = "INSERT INTO step (workflow_id, number, name, output) VALUES (?, ?, 'step', ?)"
_FINISH = "UPDATE workflow SET status = 'SUCCESS', output = ? WHERE id = ?"
WRITES = STEPS + 2


class Connection(Protocol):
    """What `sqlite3` and psycopg have in common, with `?` for parameters."""

    def execute(self, query: str, row: Row = ()) -> Sequence[Row]: ...
    def commit_many(self, writes: Iterable[tuple[str, Sequence[Row]]]) -> None: ...
    def close(self) -> None: ...


class SqliteConnection:
    """Durable on commit, with the write-ahead log."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")

    def execute(self, query: str, row: Row = ()) -> Sequence[Row]:
        """Run one statement and commit it."""
        return self._connection.execute(query, row).fetchall()

    def commit_many(self, writes: Iterable[tuple[str, Sequence[Row]]]) -> None:
        """Run statements, each for many rows, in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        for query, rows in writes:
            self._connection.executemany(query, rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PostgresConnection:
    """Statements are prepared after a few runs; many rows go down the wire in one pipeline."""

    def __init__(self, conninfo: str) -> None:
        self.raw = psycopg.connect(conninfo, autocommit=True)

    def execute(self, query: str, row: Row = ()) -> Sequence[Row]:
        """Run one statement and commit it."""
        cursor = self.raw.execute(_query(query), row)
        return cursor.fetchall() if cursor.description else ()

    def commit_many(self, writes: Iterable[tuple[str, Sequence[Row]]]) -> None:
        """Run statements, each for many rows, in one transaction."""
        with self.raw.pipeline(), self.raw.transaction(), self.raw.cursor() as cursor:
            for query, rows in writes:
                cursor.executemany(_query(query), rows)

    def close(self) -> None:
        """Disconnect."""
        self.raw.close()


def _query(query: str) -> bytes:
    return query.replace("?", "%s").encode()


def write(position: int, workflow: int) -> Write:
    """Give the write at `position` (0 to 4) in the life of a workflow."""
    identity = f"workflow-{workflow:08}"
    if position == 0:
        return _START, (identity, time.time_ns() // 1_000_000, json.dumps([workflow]))
    if position <= STEPS:
        return CHECKPOINT, (identity, position, json.dumps(workflow + position))
    return _FINISH, (json.dumps(workflow + STEPS), identity)


def wave(position: int, workflows: Iterable[int]) -> tuple[str, Sequence[Row]]:
    """Give the writes at `position` of several workflows: one statement, many rows."""
    writes = [write(position, workflow) for workflow in workflows]
    return writes[0][0], [row for _, row in writes]

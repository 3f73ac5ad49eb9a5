"""What differs between databases, asked by capability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine

from dbos_typed.records import LockState
from dbos_typed.storage.processlock import ProcessLock
from dbos_typed.storage.rows import Rows, Value
from dbos_typed.storage.schema import Names


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL in the driver's own parameter style, with its parameters."""

    sql: str
    parameters: Mapping[str, Value]


class WriterConnection(Protocol):
    """The journal's own connection."""

    def run(self, statements: Sequence[Statement]) -> list[Rows]:
        """Run the statements in one transaction and commit it; the rows that each returns."""
        ...

    def close(self) -> None: ...


class Dialect(Protocol):
    """One kind of database."""

    names: Names
    has_notify: bool
    """Whether the database pushes signals to other processes; else changes by others are looked for."""
    channel: str
    """The channel of its signals; empty where the database pushes none."""
    has_queue_locks: bool
    """Whether executors that dequeue must take turns by a lock; where one writer locks everything, they do anyway."""
    is_pooled: bool
    """Whether a pooler gives every transaction another session, so that no session can listen for signals."""
    is_single_writer: bool
    """Whether one writer at a time locks the whole database, so that writers of this process had better queue here."""

    def batch(self, columns: Mapping[str, str], parameter: str) -> str:
        """A row source over the JSON array of objects in `parameter`, to stand in FROM and be given an alias."""
        ...

    def same(self, left: str, right: str) -> str:
        """Equality for which NULL equals NULL."""
        ...

    def returning(self, alias: str, columns: Sequence[str]) -> str:
        """The RETURNING clause of an UPDATE whose target has this alias."""
        ...

    now_ms: str
    """The database's time in milliseconds since the epoch."""
    least: str
    """The function that gives the least of its arguments."""
    transaction_mark: str
    """An expression for the mark of the transaction that runs it, see GuardedConnection.confirm; NULL: it has none."""

    def queue_order(self, alias: str) -> str:
        """The place of a new workflow on its queue, when rows are written in their process's order: it grows with time.

        Where processes have clocks of their own, the database's decides.
        """
        ...

    def elements(self, array: str, alias: str) -> str:
        """A row source of the texts in a JSON array."""
        ...

    def element(self, alias: str) -> str:
        """The text in a row of `elements`."""
        ...

    def length(self, array: str) -> str:
        """How many elements a JSON array has."""
        ...

    def lock_rows(self, alias: str) -> str:
        """Lock the rows of a SELECT against other changes, waiting for them; empty where it is not needed."""
        ...

    def skip_locked(self, alias: str) -> str:
        """Lock the rows of a SELECT, passing over those that another transaction holds; empty where it cannot be."""
        ...

    def parameter(self, name: str) -> str: ...

    def lock_state(self, name: str) -> str:
        """An expression for the state of the lock that an executor holds while it lives, by the name of the lock.

        NULL where the database does not know of it.
        """
        ...

    def lock_of(self, name: str) -> LockState:
        """The state of a lock of which the database does not know."""
        ...

    def hold_lock(self, name: str) -> ProcessLock | None:
        """Take a lock of which the database does not know; None: there are none, or it cannot be taken."""
        ...

    def remove_lock(self, name: str) -> None:
        """Remove what is left of the lock of an executor that has ended."""
        ...

    def check_version(self, engine: Engine) -> None:
        """DBOSInitializationError: the database is older than what this package works with."""
        ...

    def connect_writer(self, engine: Engine) -> WriterConnection: ...

    def transaction_options(self, isolation_level: str, *, is_read_only: bool) -> Mapping[str, Any]:
        """Execution options of a connection for a user transaction."""
        ...

    def migration_lock(self, engine: Engine) -> AbstractContextManager[Any]:
        """A connection in a transaction that no other process migrates beside."""
        ...

"""The system database, opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from dbos_typed.core.ports import Signal
from dbos_typed.storage.availability import Availability
from dbos_typed.storage.batch import Batch
from dbos_typed.storage.connecting import Access, Opened, connected, parse_url
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.journal import GroupCommitJournal
from dbos_typed.storage.lane import Lane
from dbos_typed.storage.migrate import migrate
from dbos_typed.storage.reader import SqlReader
from dbos_typed.storage.transactor import SqlTransactor, SystemRecords

__all__ = ["Access", "Database", "open_database", "parse_url"]

LANES = 2
"""Writing connections of the journal, where the database takes more than one writer at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database and everything the engine does with it."""

    engine: Engine
    dialect: Dialect
    availability: Availability
    reader: SqlReader
    journal: GroupCommitJournal
    transactor: SqlTransactor

    def close(self) -> None:
        """Write what is gathered and close every connection. Idempotent."""
        self.journal.close()
        self.availability.close()
        # A connection that a thread still reads with comes back after the pool is gone.
        event.listen(self.engine, "checkin", _close_returned)
        self.engine.dispose()


def _close_returned(connection: DBAPIConnection | None, _: ConnectionPoolEntry) -> None:
    if connection is not None:
        connection.close()


def open_database(
    url: str, access: Access, *, publish: Callable[[list[Signal]], None], logger: logging.Logger
) -> Database:
    """Connect, bring the schema up to date and start the journal.

    Raises DBOSDatabaseUnavailableError if the database does not answer in time, and DBOSInitializationError if the URL
    is wrong, or the schema is newer than this code.
    """
    # The journal keeps its connections, so they are no part of what was asked for.
    opened = connected(url, replace(access, pool_size=access.pool_size + LANES), migrate, logger)
    engine, dialect, availability = opened.engine, opened.dialect, opened.availability
    journal = _journal(opened, publish, logger)
    return Database(
        engine=engine,
        dialect=dialect,
        availability=availability,
        reader=SqlReader(engine, dialect),
        journal=journal,
        transactor=SqlTransactor(
            engine=engine,
            dialect=dialect,
            records=SystemRecords(dialect),
            exclusive=journal.exclusive if dialect.is_single_writer else None,
        ),
    )


def _journal(opened: Opened, publish: Callable[[list[Signal]], None], logger: logging.Logger) -> GroupCommitJournal:
    dialect = opened.dialect
    applier = Batch(dialect)
    lanes = [
        Lane(connect=lambda: dialect.connect_writer(opened.engine), applier=applier, logger=logger)
        for _ in range(1 if dialect.is_single_writer else LANES)
    ]
    return GroupCommitJournal(lanes=lanes, gate=opened.availability.writes, publish=publish, logger=logger)

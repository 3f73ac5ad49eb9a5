"""The system database, opened."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from dbos_typed.core.ports import Signal
from dbos_typed.storage.batch import Batch
from dbos_typed.storage.connecting import connected, parse_url
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.journal import GroupCommitJournal
from dbos_typed.storage.lane import Lane
from dbos_typed.storage.migrate import migrate
from dbos_typed.storage.reader import SqlReader
from dbos_typed.storage.schema import tables
from dbos_typed.storage.transactor import SqlTransactor, SystemRecords

__all__ = ["Database", "open_database", "parse_url"]

LANES = 2
"""Writing connections of the journal, where the database takes more than one writer at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database and everything the engine does with it."""

    engine: Engine
    dialect: Dialect
    reader: SqlReader
    journal: GroupCommitJournal
    transactor: SqlTransactor

    def close(self) -> None:
        """Write what is gathered and close every connection. Idempotent."""
        self.journal.close()
        # A connection that a thread still reads with comes back after the pool is gone.
        event.listen(self.engine, "checkin", _close_returned)
        self.engine.dispose()


def _close_returned(connection: DBAPIConnection | None, _: ConnectionPoolEntry) -> None:
    if connection is not None:
        connection.close()


def open_database(
    url: str,
    *,
    schema: str,
    pool_size: int,
    publish: Callable[[list[Signal]], None],
    logger: logging.Logger,
    engine_options: Mapping[str, Any] | None = None,
    may_create: bool = False,
) -> Database:
    """Connect, bring the schema up to date and start the journal.

    With `may_create` a missing PostgreSQL database is created where the role may. DBOSInitializationError: the URL is
    wrong, the database cannot be reached, or its schema is newer than this code.
    """
    made: list[GroupCommitJournal] = []

    def prepare(engine: Engine, dialect: Dialect) -> None:
        migrate(engine, dialect)
        made.append(_journal(engine, dialect, publish, logger))

    engine, dialect = connected(
        url,
        schema=schema,
        # The journal keeps its connections, so they are no part of what was asked for.
        pool_size=pool_size + LANES,
        engine_options=engine_options or {},
        may_create=may_create,
        prepare=prepare,
    )
    journal = made[0]
    return Database(
        engine=engine,
        dialect=dialect,
        reader=SqlReader(engine, tables(dialect.names)),
        journal=journal,
        transactor=SqlTransactor(
            engine=engine,
            dialect=dialect,
            records=SystemRecords(dialect),
            logger=logger,
            exclusive=journal.exclusive if dialect.is_single_writer else None,
        ),
    )


def _journal(
    engine: Engine, dialect: Dialect, publish: Callable[[list[Signal]], None], logger: logging.Logger
) -> GroupCommitJournal:
    applier = Batch(dialect)
    lanes = [
        Lane(
            connect=lambda: dialect.connect_writer(engine),
            applier=applier,
            is_disconnect=dialect.is_disconnect,
            is_transient=dialect.is_transient,
            logger=logger,
        )
        for _ in range(1 if dialect.is_single_writer else LANES)
    ]
    return GroupCommitJournal(lanes=lanes, publish=publish, logger=logger)

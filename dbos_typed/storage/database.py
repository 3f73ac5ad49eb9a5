"""The system database, opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from dbos_typed.core.ports import Signal
from dbos_typed.errors import DBOSInitializationError
from dbos_typed.storage.batch import Batch
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.journal import GroupCommitJournal
from dbos_typed.storage.lane import Lane
from dbos_typed.storage.migrate import migrate
from dbos_typed.storage.postgres import PostgresDialect, open_postgres
from dbos_typed.storage.reader import SqlReader
from dbos_typed.storage.schema import tables
from dbos_typed.storage.sqlite import SqliteDialect, open_sqlite
from dbos_typed.storage.transactor import SqlTransactor

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
        self.engine.dispose()


def open_database(
    url: str,
    *,
    schema: str,
    pool_size: int,
    publish: Callable[[list[Signal]], None],
    logger: logging.Logger,
) -> Database:
    """Connect, bring the schema up to date and start the journal.

    DBOSInitializationError: the URL is wrong, the database cannot be reached, or its schema is newer than this code.
    """
    parsed = parse_url(url)
    dialect: Dialect
    if parsed.get_backend_name() == "sqlite":
        dialect, engine = SqliteDialect(), open_sqlite(parsed)
    else:
        dialect, engine = PostgresDialect(schema), open_postgres(parsed, pool_size=pool_size)
    try:
        migrate(engine, dialect)
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
        journal = GroupCommitJournal(lanes=lanes, publish=publish, logger=logger)
    except DBAPIError as error:
        engine.dispose()
        raise DBOSInitializationError(_unreachable(parsed, error)) from error
    except BaseException:
        engine.dispose()
        raise
    return Database(
        engine=engine,
        dialect=dialect,
        reader=SqlReader(engine, tables(dialect.names)),
        journal=journal,
        transactor=SqlTransactor(
            engine=engine,
            dialect=dialect,
            logger=logger,
            exclusive=journal.exclusive if dialect.is_single_writer else None,
        ),
    )


def parse_url(url: str) -> URL:
    """The URL with the driver that this package uses.

    DBOSInitializationError: not a URL, or another kind of database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = (
            f"The database URL {url!r} cannot be read: {error} "
            "Write sqlite:///path/to/file.sqlite or postgresql://user:password@host:5432/name."
        )
        raise DBOSInitializationError(msg) from error
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database in (None, "", ":memory:"):
                msg = (
                    f"The database URL {url!r} names no file: a database in memory does not survive a crash. Name a "
                    "file."
                )
                raise DBOSInitializationError(msg)
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            msg = f"The database URL {parsed!r} is of {other!r}; dbos_typed stores in sqlite or postgresql."
            raise DBOSInitializationError(msg)


def _unreachable(url: URL, error: DBAPIError) -> str:
    where = (
        f"the directory {Path(url.database or '').resolve().parent}"
        if url.get_backend_name() == "sqlite"
        else "host, port, credentials and database name"
    )
    return f"The database {url!r} cannot be opened: {error.orig} Check {where}. Nothing was written."

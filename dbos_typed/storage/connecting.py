"""Opening a database by its URL, and creating it where it is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from dbos_typed.config import masked_text
from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.postgres import PostgresDialect, open_postgres
from dbos_typed.storage.sqlite import SqliteDialect, open_sqlite

MAINTENANCE_DATABASES = ("postgres", "template1")
"""Databases that nearly every server has, from which others can be created."""


def connected(
    url: str,
    *,
    schema: str,
    pool_size: int,
    engine_options: Mapping[str, Any],
    may_create: bool,
    prepare: Callable[[Engine, Dialect], None],
) -> tuple[Engine, Dialect]:
    """An engine on the database, after `prepare` has used it for the first time.

    With `may_create` a missing PostgreSQL database is created where the role may. DBOSInitializationError: the URL or
    the options are wrong, or the database cannot be reached.
    """
    parsed = parse_url(url)
    dialect: Dialect
    try:
        if parsed.get_backend_name() == "sqlite":
            dialect, engine = SqliteDialect(), open_sqlite(parsed, options=engine_options)
        else:
            dialect = PostgresDialect(schema)
            engine = open_postgres(parsed, pool_size=pool_size, options=engine_options)
    except (TypeError, ArgumentError) as error:
        names = ", ".join(sorted(engine_options)) or "none"
        msg = f"db_engine_kwargs ({names}) does not suit SQLAlchemy's create_engine for {parsed!r}: {error}"
        raise DBOSInitializationError(msg) from error
    try:
        try:
            dialect.check_version(engine)
        except DBAPIError:
            if not may_create or not create_if_missing(parsed):
                raise
            dialect.check_version(engine)
        prepare(engine, dialect)
    except DBAPIError as error:
        engine.dispose()
        raise DBOSInitializationError(_unreachable(parsed, error)) from error
    except BaseException:
        engine.dispose()
        raise
    return engine, dialect


def create_if_missing(url: URL) -> bool:
    """Create the PostgreSQL database of the URL if its server has none of that name; whether it is there now.

    False: it is no PostgreSQL database, exists, or nobody can tell. DBOSInitializationError: the role may not create
    it.
    """
    name = url.database
    if url.get_backend_name() == "sqlite" or not name:
        return False
    for maintenance in MAINTENANCE_DATABASES:
        conninfo = url.set(drivername="postgresql", database=maintenance).render_as_string(hide_password=False)
        try:
            with psycopg.connect(conninfo, autocommit=True) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                if known is not None:
                    return False
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            # Another process that is launched at the same time was faster.
            return True
        except psycopg.errors.InsufficientPrivilege as error:
            msg = (
                f"The database {name!r} does not exist on {url.host}, and the role {url.username!r} may not create it. "
                f'Have it created: CREATE DATABASE "{name}" OWNER "{url.username}". Nothing was written.'
            )
            raise DBOSInitializationError(msg) from error
        except psycopg.OperationalError:
            continue
        else:
            return True
    return False


def parse_url(url: str) -> URL:
    """The URL with the driver that this package uses.

    DBOSInitializationError: not a URL, or another kind of database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = (
            f"The database URL {masked_text(url)!r} cannot be read: {masked_text(str(error))} "
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

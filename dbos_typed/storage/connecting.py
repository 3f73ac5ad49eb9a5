"""Opening a database by its URL, waiting for one that does not answer yet, and creating it where it is missing."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from dbos_typed.config import masked_text, masked_url, with_hosts_in_query, with_quoted_login
from dbos_typed.error import DBOSDatabaseUnavailableError, DBOSInitializationError
from dbos_typed.storage.availability import Availability
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.faults import fault_of
from dbos_typed.storage.postgres import PostgresDialect, has_pooler, open_postgres
from dbos_typed.storage.sqlite import SqliteDialect, open_sqlite, sqlite_path

MAINTENANCE_DATABASES = ("postgres", "template1")
"""Databases that nearly every server has, from which others can be created."""
_PASSING = (
    "starting up",
    "shutting down",
    "recovery",
    "not yet accepting",
    "not currently accepting",
    "too many",
    "remaining connection slots",
)
"""Words of a server that refuses to be connected to now, and will not later."""

_PASSING_SQLITE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a database is connected to."""

    schema: str
    pool_size: int
    engine_options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further arguments of SQLAlchemy's create_engine."""
    may_create: bool = False
    """Whether a missing PostgreSQL database is created where the role may."""
    patience_seconds: float = 0.0
    """How long to wait for a database that does not answer."""
    silence_seconds: float = 2.0
    """How long a server may be silent before it is asked whether it is at work."""
    pooler: Literal["transaction", "session", "none"] | None = None
    """What stands before the server; `None`: it is found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A database that was connected to."""

    engine: Engine
    dialect: Dialect
    availability: Availability


def connected(url: str, access: Access, prepare: Callable[[Engine, Dialect], None], logger: logging.Logger) -> Opened:
    """Connect to a database, and let `prepare` use it for the first time.

    Raises DBOSDatabaseUnavailableError if it does not answer in time, and DBOSInitializationError if the URL, the
    options or the login are wrong.
    """
    parsed = parse_url(url)
    availability = Availability(logger)
    gate = availability.reads
    end = time.monotonic() + access.patience_seconds
    while True:
        try:
            opened = _connected(parsed, access, prepare, availability)
        except DBAPIError as error:
            fault = fault_of(error)
            if fault is None or not _may_pass(error):
                raise DBOSInitializationError(_unreachable(parsed, error)) from error
            remaining = end - time.monotonic()
            if remaining <= 0:
                waited = f" It was tried for {access.patience_seconds:.0f} seconds." if access.patience_seconds else ""
                raise DBOSDatabaseUnavailableError(_unreachable(parsed, error) + waited) from error
            gate.failed(fault)
            gate.wait(remaining)
        else:
            gate.passed()
            return opened


def _connected(
    parsed: URL, access: Access, prepare: Callable[[Engine, Dialect], None], availability: Availability
) -> Opened:
    engine, dialect = _engine(parsed, access)
    try:
        try:
            dialect.check_version(engine)
        except DBAPIError:
            if not access.may_create or not create_if_missing(parsed):
                raise
            dialect.check_version(engine)
        if access.pooler is None and dialect.has_notify and has_pooler(engine):
            engine.dispose()
            return _connected(parsed, replace(access, pooler="transaction"), prepare, availability)
        prepare(engine, dialect)
    except BaseException:
        engine.dispose()
        raise
    return Opened(engine=engine, dialect=dialect, availability=availability)


def _engine(parsed: URL, access: Access) -> tuple[Engine, Dialect]:
    options = access.engine_options
    try:
        if parsed.get_backend_name() == "sqlite":
            return open_sqlite(parsed, options=options), SqliteDialect(sqlite_path(parsed))
        engine = open_postgres(
            parsed,
            pool_size=access.pool_size,
            options=options,
            pooler=access.pooler,
            silence_seconds=access.silence_seconds,
        )
    except (TypeError, ArgumentError) as error:
        names = ", ".join(sorted(options)) or "none"
        msg = f"db_engine_kwargs ({names}) does not suit SQLAlchemy's create_engine for {_shown(parsed)}: {error}"
        raise DBOSInitializationError(msg) from error
    return engine, PostgresDialect(access.schema, is_pooled=access.pooler == "transaction")


def _may_pass(error: DBAPIError) -> bool:
    """Whether a first connection that failed may succeed later; a wrong password or name will not."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _PASSING_SQLITE
    if not isinstance(cause, psycopg.Error):
        return False
    if cause.sqlstate is not None:
        return fault_of(cause, is_engine=False) is not None
    words = str(cause)
    return "FATAL" not in words or any(passing in words for passing in _PASSING)


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
        except (psycopg.OperationalError, psycopg.ProgrammingError):
            continue
        else:
            return True
    return False


def parse_url(url: str) -> URL:
    """The URL with the driver that this package uses.

    DBOSInitializationError: not a URL, or another kind of database.
    """
    shown = repr(masked_url(url))
    parsed: URL | None = None
    with contextlib.suppress(ArgumentError, ValueError):
        parsed = make_url(with_hosts_in_query(with_quoted_login(url)))
    if parsed is None:
        msg = (
            f"The database URL {shown} cannot be read. "
            "Write sqlite:///path/to/file.sqlite or postgresql://user:password@host:5432/name."
        )
        # Without the other error, which may quote a piece of the password.
        raise DBOSInitializationError(msg)
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database in (None, "", ":memory:"):
                msg = (
                    f"The database URL {shown} names no file: a database in memory does not survive a crash. Name a "
                    "file."
                )
                raise DBOSInitializationError(msg)
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            msg = f"The database URL {shown} is of {other!r}; dbos_typed stores in sqlite or postgresql."
            raise DBOSInitializationError(msg)


def _unreachable(url: URL, error: DBAPIError) -> str:
    where = (
        f"the directory {Path(url.database or '').resolve().parent}"
        if url.get_backend_name() == "sqlite"
        else "host, port, credentials and database name"
    )
    reason = masked_text(str(error.orig))
    return f"The database {_shown(url)} cannot be opened: {reason} Check {where}. Nothing was written."


def _shown(url: URL) -> str:
    return masked_text(url.render_as_string(hide_password=True))

"""Which errors of a driver are failures of the database, and not answers of it.

Sources: PostgreSQL, appendix "PostgreSQL Error Codes"; SQLite, "Result and Error Codes".
"""

from __future__ import annotations

import sqlite3
from typing import Final

import psycopg
from sqlalchemy import exc

from dbos_typed.core.faults import DatabaseFault, FaultKind

_BUSY: Final = frozenset({"40001", "40P01", "55P03", "57014"})
"""Serialization failure, deadlock, lock timeout, statement timeout."""
_UNAVAILABLE: Final = (
    "08",  # connection exception
    "53",  # insufficient resources: disk, memory, connection slots
    "57P",  # the server shuts down, has crashed, starts up, or the database was dropped
    "58",  # the file system failed
    "25006",  # the server takes reads only, as a standby does
    "25P03",  # the session was ended because its transaction was idle for too long
    "25P04",  # the same, because it took too long
    "26000",  # a prepared statement is unknown: the connection is not the one that prepared it
    "42P05",  # the same, found out the other way round
)
_UNAVAILABLE_TO_ENGINE: Final = (
    *_UNAVAILABLE,
    "28",  # the role may not log in now
    "3D000",  # the database is missing, as while a backup is restored
    "3F000",  # the schema is missing
    "42P01",  # a table is missing
    "42501",  # the role may not use a table
    "57",  # an operator intervened
    "XX",  # the server found its own files damaged
)
"""The engine's statements are right, so what keeps them from running lies in the database."""

_SQLITE_UNAVAILABLE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_SCHEMA,
    }
)
_OF_CLIENT: Final = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
_PRIMARY_CODE: Final = 0xFF
"""SQLite's extended codes hold the primary one in their lowest byte."""


def fault_of(error: BaseException, *, is_engine: bool = True) -> DatabaseFault | None:
    """The failure of the database that `error` tells of; `None` if it is an answer, such as a violated constraint.

    `is_engine` says that a statement of the engine raised it and not one of the application.
    """
    cause = cause_of(error)
    if not isinstance(error, Exception):
        return None
    kind: FaultKind | None = None
    if isinstance(cause, exc.TimeoutError):
        kind = FaultKind.BUSY  # every connection of the pool is in use
    elif isinstance(cause, exc.PendingRollbackError) and is_engine:
        kind = FaultKind.UNAVAILABLE  # the connection was lost in a transaction, and used once more
    elif isinstance(cause, psycopg.Error):
        kind = _postgres_kind(cause, is_engine=is_engine)
    elif isinstance(cause, sqlite3.Error):
        kind = _sqlite_kind(cause, is_engine=is_engine)
    return None if kind is None else DatabaseFault(error, kind, is_statement_of_user=not is_engine)


def cause_of(error: BaseException) -> BaseException | None:
    """What the driver raised, without SQLAlchemy's wrapping."""
    return error.orig if isinstance(error, exc.DBAPIError) else error


def _postgres_kind(error: psycopg.Error, *, is_engine: bool) -> FaultKind | None:
    state = error.sqlstate
    if state is None:
        # The client library speaks: the socket broke, the server refused to be connected to, or did not answer, or the
        # answers are not those to what was asked, as when a pooler lost its session to the server.
        return FaultKind.UNAVAILABLE if isinstance(error, _OF_CLIENT) else None
    if state in _BUSY:
        return FaultKind.BUSY
    return FaultKind.UNAVAILABLE if state.startswith(_UNAVAILABLE_TO_ENGINE if is_engine else _UNAVAILABLE) else None


def _sqlite_kind(error: sqlite3.Error, *, is_engine: bool) -> FaultKind | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # The module speaks, and not the library: the connection was closed under the statement.
        is_closed = isinstance(error, sqlite3.ProgrammingError) and "closed database" in str(error)
        return FaultKind.UNAVAILABLE if is_closed else None
    is_missing = is_engine and str(error).startswith("no such table")
    return FaultKind.UNAVAILABLE if is_missing or code & _PRIMARY_CODE in _SQLITE_UNAVAILABLE else None

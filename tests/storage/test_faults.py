"""Which errors are failures of the database, and which are its answers."""

import sqlite3
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import exc

from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.storage.faults import fault_of

UNAVAILABLE, BUSY = FaultKind.UNAVAILABLE, FaultKind.BUSY

# SQLSTATE, what it is to a statement of the engine, and to one of the application.
STATES: list[tuple[str, FaultKind | None, FaultKind | None]] = [
    ("08000", UNAVAILABLE, UNAVAILABLE),  # connection exception
    ("08006", UNAVAILABLE, UNAVAILABLE),  # connection failure
    ("53000", UNAVAILABLE, UNAVAILABLE),  # insufficient resources
    ("53100", UNAVAILABLE, UNAVAILABLE),  # disk full
    ("53200", UNAVAILABLE, UNAVAILABLE),  # out of memory
    ("53300", UNAVAILABLE, UNAVAILABLE),  # too many connections
    ("57P01", UNAVAILABLE, UNAVAILABLE),  # admin shutdown
    ("57P02", UNAVAILABLE, UNAVAILABLE),  # crash shutdown
    ("57P03", UNAVAILABLE, UNAVAILABLE),  # cannot connect now
    ("57P04", UNAVAILABLE, UNAVAILABLE),  # database dropped
    ("57P05", UNAVAILABLE, UNAVAILABLE),  # idle session timeout
    ("58000", UNAVAILABLE, UNAVAILABLE),  # system error
    ("58030", UNAVAILABLE, UNAVAILABLE),  # input/output error
    ("25006", UNAVAILABLE, UNAVAILABLE),  # read-only transaction, as on a standby
    ("26000", UNAVAILABLE, UNAVAILABLE),  # prepared statement unknown
    ("42P05", UNAVAILABLE, UNAVAILABLE),  # prepared statement known already
    ("40001", BUSY, BUSY),  # serialization failure
    ("40P01", BUSY, BUSY),  # deadlock
    ("55P03", BUSY, BUSY),  # lock not available
    ("57014", BUSY, BUSY),  # statement timeout, or cancelled
    # What only the engine may take for a failure: the application may have written the statement so.
    ("25P02", None, None),  # in a failed transaction
    ("25P03", UNAVAILABLE, UNAVAILABLE),  # idle in transaction timeout
    ("28000", UNAVAILABLE, None),  # the role may not log in
    ("28P01", UNAVAILABLE, None),  # wrong password
    ("3D000", UNAVAILABLE, None),  # no such database
    ("3F000", UNAVAILABLE, None),  # no such schema
    ("42P01", UNAVAILABLE, None),  # no such table
    ("42501", UNAVAILABLE, None),  # no permission
    ("57000", UNAVAILABLE, None),  # operator intervention
    ("XX000", UNAVAILABLE, None),  # internal error
    ("XX001", UNAVAILABLE, None),  # data corrupted
    ("XX002", UNAVAILABLE, None),  # index corrupted
    # Answers.
    ("22001", None, None),  # text too long
    ("22P02", None, None),  # text that is no number
    ("23502", None, None),  # null where none may be
    ("23503", None, None),  # foreign key violated
    ("23505", None, None),  # unique key violated
    ("23514", None, None),  # check violated
    ("42601", None, None),  # syntax error
    ("42703", None, None),  # no such column
    ("P0001", None, None),  # raised by a function of the application
]

# Result code of SQLite, message, and what it is to a statement of the engine and to one of the application.
CODES: list[tuple[int, str, FaultKind | None, FaultKind | None]] = [
    (sqlite3.SQLITE_BUSY, "database is locked", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_BUSY_SNAPSHOT, "database is locked", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_CANTOPEN, "unable to open database file", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_CORRUPT, "database disk image is malformed", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_FULL, "database or disk is full", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_IOERR, "disk I/O error", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_IOERR_FSYNC, "disk I/O error", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_LOCKED, "database table is locked", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_NOMEM, "out of memory", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_NOTADB, "file is not a database", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_PERM, "access permission denied", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_PROTOCOL, "locking protocol", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_READONLY, "attempt to write a readonly database", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_READONLY_DBMOVED, "attempt to write a readonly database", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_SCHEMA, "database schema has changed", UNAVAILABLE, UNAVAILABLE),
    (sqlite3.SQLITE_ERROR, "no such table: dbos_workflows", UNAVAILABLE, None),
    (sqlite3.SQLITE_ERROR, 'near "SELEC": syntax error', None, None),
    (sqlite3.SQLITE_CONSTRAINT, "constraint failed", None, None),
    (sqlite3.SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: t.a", None, None),
    (sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, "FOREIGN KEY constraint failed", None, None),
    (sqlite3.SQLITE_MISMATCH, "datatype mismatch", None, None),
    (sqlite3.SQLITE_TOOBIG, "string or blob too big", None, None),
]

BOTH = pytest.mark.parametrize("is_wrapped", [False, True], ids=["driver", "sqlalchemy"])


def _of_postgres(state: str) -> Exception:
    error = psycopg.DatabaseError("told by the server")
    error.sqlstate = state
    return error


def _of_sqlite(code: int, message: str) -> Exception:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return error


def _kind(error: Exception, *, is_engine: bool, is_wrapped: bool = False) -> FaultKind | None:
    raised = exc.DBAPIError("SELECT 1", None, error) if is_wrapped else error
    fault = fault_of(raised, is_engine=is_engine)
    if fault is None:
        return None
    assert fault.cause is raised
    assert fault.is_statement_of_user is not is_engine
    return fault.kind


@BOTH
@pytest.mark.parametrize(("state", "of_engine", "of_application"), STATES, ids=[state for state, *_ in STATES])
def test_states_of_postgres(
    state: str, of_engine: FaultKind | None, of_application: FaultKind | None, is_wrapped: bool
) -> None:
    error = _of_postgres(state)
    assert _kind(error, is_engine=True, is_wrapped=is_wrapped) is of_engine
    assert _kind(error, is_engine=False, is_wrapped=is_wrapped) is of_application


@BOTH
@pytest.mark.parametrize(
    ("code", "message", "of_engine", "of_application"), CODES, ids=[f"{code}-{text}" for code, text, *_ in CODES]
)
def test_codes_of_sqlite(
    code: int, message: str, of_engine: FaultKind | None, of_application: FaultKind | None, is_wrapped: bool
) -> None:
    error = _of_sqlite(code, message)
    assert _kind(error, is_engine=True, is_wrapped=is_wrapped) is of_engine
    assert _kind(error, is_engine=False, is_wrapped=is_wrapped) is of_application


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.OperationalError("connection refused"), UNAVAILABLE),
        (psycopg.errors.ConnectionTimeout("timeout expired"), UNAVAILABLE),
        (psycopg.InterfaceError("the connection is closed"), UNAVAILABLE),
        (psycopg.InternalError("received 2 results from command 'COMMIT'"), UNAVAILABLE),
        (psycopg.ProgrammingError("the query has 1 placeholder but 0 parameters were passed"), None),
        (psycopg.DataError("text may not hold NUL bytes"), None),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), UNAVAILABLE),
        (sqlite3.ProgrammingError("Incorrect number of bindings supplied."), None),
        (sqlite3.InterfaceError("bad parameter"), None),
    ],
    ids=str,
)
def test_what_the_client_library_says_itself(error: Exception, expected: FaultKind | None) -> None:
    assert _kind(error, is_engine=True) is expected
    assert _kind(error, is_engine=False) is expected


def test_pool_whose_connections_are_all_in_use_is_busy() -> None:
    error = exc.TimeoutError("QueuePool limit of size 1 overflow 0 reached, connection timed out")
    assert _kind(error, is_engine=True) is BUSY
    assert _kind(error, is_engine=False) is BUSY


def test_connection_that_was_lost_and_used_once_more_is_no_error_of_the_engine() -> None:
    error = exc.PendingRollbackError("Can't reconnect until invalid transaction is rolled back.")
    assert _kind(error, is_engine=True) is UNAVAILABLE
    # A session that the application goes on using after an error is its own mistake.
    assert _kind(error, is_engine=False) is None


@pytest.mark.parametrize(
    "error",
    [
        ValueError("wrong"),
        TimeoutError("an effect of the application"),
        ConnectionError("a service of the application"),
        exc.NoResultFound("no row"),
        exc.ArgumentError("not a statement"),
        KeyboardInterrupt(),
        SystemExit(1),
        DatabaseFault(ValueError("told already"), BUSY),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_no_driver_raised_is_no_fault(error: BaseException) -> None:
    assert fault_of(error) is None
    assert fault_of(error, is_engine=False) is None


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO shop VALUES (1)", None),
        ("INSERT INTO shop VALUES (NULL)", None),
        ("SELECT * FROM elsewhere", UNAVAILABLE),
        ("SELEC 1", None),
    ],
)
def test_what_sqlite_really_raises(statement: str, expected: FaultKind | None) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE shop (id INT PRIMARY KEY NOT NULL) STRICT")
    connection.execute("INSERT INTO shop VALUES (1)")
    with closing(connection), pytest.raises(sqlite3.Error) as raised:
        connection.execute(statement)
    assert _kind(raised.value, is_engine=True) is expected
    assert _kind(raised.value, is_engine=False) is None


def test_fault_tells_what_the_driver_raised() -> None:
    fault: Any = fault_of(psycopg.OperationalError("connection refused"))
    assert str(fault) == "OperationalError: connection refused"
    # No `except Exception` of an application may take it for the outcome of a step.
    assert not isinstance(fault, Exception)

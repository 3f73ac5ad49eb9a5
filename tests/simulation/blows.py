"""The ways in which a database fails, each raised by the real driver wherever the driver can be brought to raise it."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NoReturn, Protocol

import psycopg
from sqlalchemy import exc

DriverConnection = psycopg.Connection[psycopg.rows.TupleRow] | sqlite3.Connection


class Seam(Enum):
    """Where the engine touches a database."""

    BATCH = "batch"
    """The journal sends a batch of writes."""
    READ = "read"
    """A statement of the engine outside the journal and outside transactions of the application."""
    STATEMENT = "statement"
    """A statement in a transaction of the application, its BEGIN and the record of the step among them."""
    COMMIT = "commit"
    """A transaction of the application is committed."""
    CONNECT = "connect"
    """A connection is taken from the pool, or made."""


class Moment(Enum):
    """When in a use of a database the blow falls."""

    BEFORE = "before"
    MIDDLE = "middle"
    """Half of the batch was executed, and is rolled back."""
    AFTER = "after"
    """It was done, and nobody is told."""


class Failure(Protocol):
    """One kind of failure."""

    @property
    def name(self) -> str: ...

    def strike(self, connection: DriverConnection) -> NoReturn:
        """Let the connection fail."""
        ...


@dataclass(frozen=True, slots=True)
class ServerError:
    """The server refuses with an error of this SQLSTATE, and aborts the transaction that is open."""

    name: str
    sqlstate: str

    def strike(self, connection: DriverConnection) -> NoReturn:
        assert isinstance(connection, psycopg.Connection)
        if is_aborted(connection):
            raise psycopg.errors.lookup(self.sqlstate)("sabotage")
        raising = f"DO $$ BEGIN RAISE EXCEPTION 'sabotage' USING ERRCODE = '{self.sqlstate}'; END $$"
        connection.execute(raising.encode())
        raise AssertionError("the server did not raise what it was told to")


@dataclass(frozen=True, slots=True)
class LostSession:
    """The client finds the connection closed, which has no SQLSTATE."""

    name: str = "lost"

    def strike(self, connection: DriverConnection) -> NoReturn:
        if isinstance(connection, psycopg.Connection):
            connection.pgconn.finish()
        else:
            # A statement whose rows nobody fetched would keep the lock of a connection that is only closed.
            sqlite3.Connection.rollback(connection)  # past the guard of a transaction, which is the application's
            sqlite3.Connection.close(connection)
        connection.execute("SELECT 1")
        raise AssertionError("a closed connection was used")


@dataclass(frozen=True, slots=True)
class TerminatedSession:
    """The server ends the session."""

    name: str = "57P01"

    def strike(self, connection: DriverConnection) -> NoReturn:
        assert isinstance(connection, psycopg.Connection)
        if is_aborted(connection):
            connection.pgconn.finish()
            raise psycopg.errors.AdminShutdown("sabotage")
        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the server did not end the session")


def is_aborted(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server takes no further statement of the transaction, not even one that fails as it is told to."""
    return connection.info.transaction_status is psycopg.pq.TransactionStatus.INERROR


@dataclass(frozen=True, slots=True)
class LibraryError:
    """SQLite refuses with this result code."""

    name: str
    code: int
    is_rolling_back: bool = False
    """Whether SQLite rolls back the transaction that is open, as it does when the disk fails under it."""

    def strike(self, connection: DriverConnection) -> NoReturn:
        assert isinstance(connection, sqlite3.Connection)
        if self.is_rolling_back and connection.in_transaction:
            sqlite3.Connection.rollback(connection)  # past the guard of a transaction, which is the application's
        raise library_error(self.name, self.code)


def library_error(name: str, code: int) -> sqlite3.OperationalError:
    """What the sqlite3 module raises for a result code."""
    error = sqlite3.OperationalError(f"sabotage: {name}")
    error.sqlite_errorcode, error.sqlite_errorname = code, name
    return error


@dataclass(frozen=True, slots=True)
class NoConnection:
    """No connection is to be had."""

    name: str
    error: Exception

    def strike(self, connection: DriverConnection | None = None) -> NoReturn:
        del connection
        raise self.error.with_traceback(None)


@dataclass(frozen=True, slots=True)
class Blow:
    """A failure at a moment."""

    moment: Moment
    failure: Failure | NoConnection

    def __str__(self) -> str:
        return f"{self.failure.name} {self.moment.value}"


POOL_TIMEOUT = NoConnection("pool", exc.TimeoutError("QueuePool limit reached, connection timed out"))
REFUSED = NoConnection("refused", psycopg.OperationalError("connection failed: Connection refused"))
TOO_MANY = NoConnection("53300", psycopg.errors.TooManyConnections("sorry, too many clients already"))
CANNOT_OPEN = NoConnection("CANTOPEN", library_error("SQLITE_CANTOPEN", sqlite3.SQLITE_CANTOPEN))

_POSTGRES: Sequence[Failure] = (
    LostSession(),
    TerminatedSession(),
    ServerError("25006", "25006"),  # read-only
    ServerError("53100", "53100"),  # disk full
    ServerError("53300", "53300"),  # too many connections
    ServerError("57014", "57014"),  # query canceled
    ServerError("55P03", "55P03"),  # lock not available
    ServerError("40001", "40001"),  # serialization failure
    ServerError("40P01", "40P01"),  # deadlock
)
_SQLITE: Sequence[Failure] = (
    LostSession(),
    LibraryError("FULL", sqlite3.SQLITE_FULL, is_rolling_back=True),
    LibraryError("IOERR", sqlite3.SQLITE_IOERR, is_rolling_back=True),
    LibraryError("BUSY", sqlite3.SQLITE_BUSY),
    LibraryError("READONLY", sqlite3.SQLITE_READONLY),
)
_UNANSWERED: Sequence[Failure] = (LostSession(),)


def _catalogue(failures: Sequence[Failure], connecting: Sequence[NoConnection]) -> Mapping[Seam, Sequence[Blow]]:
    before = [Blow(Moment.BEFORE, failure) for failure in failures]
    after = [Blow(Moment.AFTER, failure) for failure in _UNANSWERED]
    return {
        Seam.BATCH: [*before, *(Blow(Moment.MIDDLE, failure) for failure in failures), *after],
        Seam.READ: [*before, *after],
        Seam.STATEMENT: [*before, *after],
        Seam.COMMIT: [*before, *after],
        Seam.CONNECT: [Blow(Moment.BEFORE, failure) for failure in connecting],
    }


BLOWS: Mapping[str, Mapping[Seam, Sequence[Blow]]] = {
    "postgres": _catalogue(_POSTGRES, (POOL_TIMEOUT, REFUSED, TOO_MANY)),
    "sqlite": _catalogue(_SQLITE, (POOL_TIMEOUT, CANNOT_OPEN)),
}
"""Every blow that can fall at each seam of each kind of database."""

"""SQLite: one writer at a time, no schemas, no notifications."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry

from dbos_typed.error import DBOSInitializationError
from dbos_typed.records import LockState
from dbos_typed.storage.dialect import Statement
from dbos_typed.storage.guarded_sqlite import GuardedSqliteConnection
from dbos_typed.storage.inherited import note_file, refuse_inherited
from dbos_typed.storage.processlock import ProcessLock, lock_state, remove_if_free
from dbos_typed.storage.rows import Rows
from dbos_typed.storage.schema import Names

BUSY_TIMEOUT_SECONDS = 2
"""How long a statement waits for another process's transaction, before it is told as an outage and tried again."""
BUSY_RETRY_SECONDS = 0.01
MINIMUM_VERSION = (3, 37)

_creating = threading.Lock()
_numbers = itertools.count()


class SqliteDialect:
    """One writer at a time, a table prefix for a schema, no notifications."""

    has_notify = False
    has_queue_locks = False
    channel = ""
    least = "min"
    transaction_mark = "NULL"
    now_ms = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    is_single_writer = True
    is_pooled = False

    def __init__(self, path: str = "") -> None:
        """`path` is the file, beside which executors hold their locks."""
        self.names = Names(schema=None, prefix="dbos_")
        self._path = path

    def batch(self, columns: Mapping[str, str], parameter: str) -> str:
        fields = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
        return f"(SELECT {fields} FROM json_each({self.parameter(parameter)}))"  # names are our own

    def same(self, left: str, right: str) -> str:
        return f"{left} IS {right}"

    def returning(self, alias: str, columns: Sequence[str]) -> str:
        del alias  # SQLite returns the target's columns and does not let the alias name them
        return f"RETURNING {', '.join(columns)}"

    def queue_order(self, alias: str) -> str:
        # All processes are on one machine, whose clock is finer than what SQLite tells of it.
        return f"{alias}.queue_order"

    def elements(self, array: str, alias: str) -> str:
        return f"json_each({array}) AS {alias}"

    def element(self, alias: str) -> str:
        return f"{alias}.value"

    def length(self, array: str) -> str:
        return f"json_array_length({array})"

    def lock_rows(self, alias: str) -> str:
        del alias  # one writer at a time
        return ""

    def skip_locked(self, alias: str) -> str:
        del alias  # one writer at a time: nothing is locked by another
        return ""

    def parameter(self, name: str) -> str:
        return f":{name}"

    def lock_state(self, name: str) -> str:
        del name  # the operating system knows
        return "NULL"

    def lock_of(self, name: str) -> LockState:
        return lock_state(self._lock_path(name))

    def hold_lock(self, name: str) -> ProcessLock | None:
        try:
            # Whoever may use the database may see who uses it.
            return ProcessLock(self._lock_path(name), stat.S_IMODE(os.stat(self._path).st_mode))  # noqa: PTH116  # a text everywhere else
        except OSError:
            return None

    def remove_lock(self, name: str) -> None:
        remove_if_free(self._lock_path(name))

    def _lock_path(self, name: str) -> Path:
        # A name is a text from a row, which must lead to no other folder.
        return Path(f"{self._path}-executor-{Path(name).name}")

    def check_version(self, engine: Engine) -> None:
        del engine  # the library is part of this process
        if sqlite3.sqlite_version_info < MINIMUM_VERSION:
            needed = ".".join(map(str, MINIMUM_VERSION))
            msg = (
                f"Python was built with SQLite {sqlite3.sqlite_version}, and dbos_typed needs {needed} or newer: use a "
                "newer Python, or PostgreSQL. Nothing was written."
            )
            raise DBOSInitializationError(msg)

    def connect_writer(self, engine: Engine) -> SqliteWriter:
        return SqliteWriter(engine)

    def transaction_options(self, isolation_level: str, *, is_read_only: bool) -> Mapping[str, Any]:
        del isolation_level  # every SQLite transaction is serializable
        return {"dbos_read_only": is_read_only}

    @contextmanager
    def migration_lock(self, engine: Engine) -> Generator[Connection]:
        # BEGIN IMMEDIATE, which every transaction of the engine begins with, is the lock.
        with engine.begin() as connection:
            yield connection


class SqliteWriter:
    """The journal's connection to a SQLite file."""

    def __init__(self, engine: Engine) -> None:
        self._pooled = engine.raw_connection()
        self._file: _FileIdentity = self._pooled.info["file"]
        connection = self._pooled.driver_connection
        if not isinstance(connection, sqlite3.Connection):
            msg = f"expected a sqlite3 connection, got {type(connection)}"
            raise TypeError(msg)
        self._connection = connection
        self._number = next(_numbers)

    def run(self, statements: Sequence[Statement]) -> list[Rows]:
        self._file.check()
        execute = self._connection.execute
        if len(statements) == 1:
            return [execute(statements[0].sql, statements[0].parameters).fetchall()]
        execute("BEGIN IMMEDIATE")
        try:
            rows: list[Rows] = [execute(statement.sql, statement.parameters).fetchall() for statement in statements]
            execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise
        return rows

    def data_version(self) -> tuple[int, int]:
        """Changes whenever another connection has written to the database.

        It is another one for each connection: SQLite's numbers of two connections say nothing together.
        """
        self._file.check()
        return self._number, int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        # Not kept for others: whatever went wrong may have to do with this connection.
        self._pooled.invalidate()


class _FileIdentity:
    """Which file a connection was made to. A backup that takes its place is another file of the same name.

    SQLite would go on in the old one, which nobody sees any more.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.known = self._found()

    def check(self) -> None:
        """Raise sqlite3.OperationalError if another file has taken the place, or none is there."""
        if self._found() != self.known:
            error = sqlite3.OperationalError(f"the file {self._path} is not the one that was opened")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error

    def _found(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._path)  # noqa: PTH116  # on the path of every write; a Path would cost more than the call
        except OSError:
            return None
        return status.st_dev, status.st_ino


def sqlite_path(url: URL) -> str:
    """The file as SQLAlchemy opens it, now: the process may go to another directory later."""
    return os.path.abspath(_file_of(url))  # noqa: PTH100  # to be equal to what SQLAlchemy opens


def open_sqlite(url: URL, *, options: Mapping[str, Any] | None = None) -> Engine:
    """An engine on a SQLite file; `options` are arguments of create_engine that count before ours.

    Its transactions take the write lock when they begin, unless the option `dbos_read_only` says that they only read.
    """
    given = dict(options or {})
    defaults: dict[str, Any] = {
        "timeout": BUSY_TIMEOUT_SECONDS,
        "check_same_thread": False,
        "factory": GuardedSqliteConnection,
    }
    given["connect_args"] = {**defaults, **given.get("connect_args", {})}
    path = sqlite_path(url)
    busy_timeout = float(given["connect_args"]["timeout"])
    engine = create_engine(url, **{"hide_parameters": True, **given})

    def make_private(*_: object) -> None:
        if "mode" not in url.query:
            _make_private(path)

    def configure(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling begins lazily and late; ours begins where SQLAlchemy says so.
        connection.isolation_level = None
        _write_ahead(connection, busy_timeout)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        entry.info["file"] = file = _FileIdentity(path)
        note_file(file.known, is_open=True)

    def closing(_: object, entry: ConnectionPoolEntry) -> None:
        file: _FileIdentity | None = entry.info.get("file")
        if file is not None:
            note_file(file.known, is_open=False)

    def refuse_in_child(_: object, __: object, ___: object, ____: object) -> None:
        refuse_inherited(path)

    def begin(connection: Connection) -> None:
        is_reader = connection.get_execution_options().get("dbos_read_only", False)
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")

    def check(_: sqlite3.Connection, entry: ConnectionPoolEntry, __: object) -> None:
        try:
            entry.info["file"].check()
        except sqlite3.OperationalError as error:
            raise exc.DisconnectionError(str(error)) from error

    event.listen(engine, "do_connect", refuse_in_child)
    event.listen(engine, "do_connect", make_private)
    event.listen(engine, "connect", configure)
    event.listen(engine, "close", closing)
    event.listen(engine, "checkout", check)
    event.listen(engine, "begin", begin)
    return engine


def _file_of(url: URL) -> str:
    """The file of a database, which SQLite takes as a URI too: `sqlite:///file:shop.db?uri=true`."""
    name = url.database or ""
    return urlsplit(name).path if name.startswith("file:") and "uri" in url.query else name


def _make_private(path: str) -> None:
    """Create the file if there is none, for its owner alone: SQLite gives the log and its index the mode of the file.

    What cannot be created is for SQLite to tell.
    """
    with _creating, contextlib.suppress(OSError):
        # Not opened otherwise: closing it would give up the locks that SQLite holds on it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _write_ahead(connection: sqlite3.Connection, busy_timeout: float) -> None:
    """Let the file keep a write-ahead log.

    While another process writes to a file that has none yet (two are launched at the same moment), SQLite refuses at
    once, whatever the busy timeout: its busy handler is not asked when a read lock has to become an exclusive one.
    """
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_RETRY_SECONDS)
        else:
            return

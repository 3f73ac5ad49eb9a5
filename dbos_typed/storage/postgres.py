"""PostgreSQL on psycopg 3."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, cast

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import Connection, Engine, create_engine, event, exc, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from dbos_typed.error import DBOSInitializationError
from dbos_typed.records import LockState
from dbos_typed.storage.dialect import Statement
from dbos_typed.storage.hiding import hide_values
from dbos_typed.storage.inherited import note_session
from dbos_typed.storage.marked_postgres import MARK
from dbos_typed.storage.rows import Rows
from dbos_typed.storage.schema import Names
from dbos_typed.storage.watched import Silence, WatchedConnection

MINIMUM_VERSION = (14,)
CHECKED_AFTER_SECONDS = 5.0
"""A pooled connection that was idle for so long is checked before it is used."""
_MIGRATION_LOCK = 0x44424F53
_EXECUTOR_LOCKS = 0x44424F45
"""The first key of the locks that executors hold while they live; the second one is drawn."""
_LOCK_BITS = 31
# A server that was started anew, or another one that took its place, knows nothing of the locks of before.
_SERVER_RUN = "(extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint::text"
DEFAULTS = {
    "application_name": "dbos_typed",
    "connect_timeout": 3,
    # A host that is gone is noticed within these seconds, by what it does not acknowledge or by probes of an idle one.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""What a connection is made with unless the URL or the configuration says otherwise."""


class PostgresDialect:
    """Many writers, schemas, notifications."""

    has_queue_locks = True
    is_single_writer = False
    has_notify = True
    least = "least"
    transaction_mark = MARK
    now_ms = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

    def __init__(self, schema: str, *, is_pooled: bool = False) -> None:
        """`is_pooled`: a pooler gives every transaction another session."""
        self.is_pooled = is_pooled
        self.names = Names(schema=schema, prefix="")
        self.channel = schema

    def batch(self, columns: Mapping[str, str], parameter: str) -> str:
        fields = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        return f"ROWS FROM (json_to_recordset({self.parameter(parameter)}::json) AS ({fields}))"

    def same(self, left: str, right: str) -> str:
        return f"{left} IS NOT DISTINCT FROM {right}"

    def returning(self, alias: str, columns: Sequence[str]) -> str:
        return f"RETURNING {', '.join(f'{alias}.{name}' for name in columns)}"

    def queue_order(self, alias: str) -> str:
        # In microseconds, of which writing a row takes several.
        now = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
        return f"CASE WHEN {alias}.queue_order > 0 THEN {now} ELSE 0 END"

    def elements(self, array: str, alias: str) -> str:
        return f"json_array_elements_text({array}) AS {alias}(value)"

    def element(self, alias: str) -> str:
        return f"{alias}.value"

    def length(self, array: str) -> str:
        return f"json_array_length({array})"

    def lock_rows(self, alias: str) -> str:
        # Not FOR UPDATE, which would wait for the key locks of steps that are being inserted.
        return f"FOR NO KEY UPDATE OF {alias}"

    def skip_locked(self, alias: str) -> str:
        return f"FOR UPDATE OF {alias} SKIP LOCKED"

    def parameter(self, name: str) -> str:
        return f"%({name})s"

    def lock_state(self, name: str) -> str:
        return f"""CASE
            WHEN {name} IN (
                SELECT concat({_SERVER_RUN}, '/', l.objid)
                FROM pg_locks AS l
                WHERE l.locktype = 'advisory' AND l.classid = {_EXECUTOR_LOCKS} AND l.objsubid = 2 AND l.granted
                    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            ) THEN 'held'
            WHEN split_part({name}, '/', 1) = {_SERVER_RUN} THEN 'lost'
            ELSE 'outdated'
        END"""  # the names are our own

    def lock_of(self, name: str) -> LockState:
        del name  # the server knows all of them
        return LockState.UNKNOWN

    def hold_lock(self, name: str) -> None:
        del name  # it is held by a session, see session_lock

    def remove_lock(self, name: str) -> None:
        del name  # it ends with its session

    def check_version(self, engine: Engine) -> None:
        with engine.connect() as connection:
            version = connection.dialect.server_version_info or MINIMUM_VERSION
        if version < MINIMUM_VERSION:
            msg = (
                f"The server of {engine.url!r} is PostgreSQL {'.'.join(map(str, version))}, and dbos_typed needs "
                f"{MINIMUM_VERSION[0]} or newer. Nothing was written."
            )
            raise DBOSInitializationError(msg)

    def connect_writer(self, engine: Engine) -> PostgresWriter:
        return PostgresWriter(engine)

    def transaction_options(self, isolation_level: str, *, is_read_only: bool) -> Mapping[str, Any]:
        return {"isolation_level": isolation_level, "postgresql_readonly": is_read_only}

    @contextmanager
    def migration_lock(self, engine: Engine) -> Generator[Connection]:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            yield connection


class PostgresWriter:
    """The journal's connection to a PostgreSQL database."""

    def __init__(self, engine: Engine) -> None:
        self._pooled = engine.raw_connection()
        self._connection = _autocommitting(self._pooled)

    @property
    def backend_pid(self) -> int:
        """Names this connection in the notifications that it sends."""
        return self._connection.info.backend_pid

    def run(self, statements: Sequence[Statement]) -> list[Rows]:
        if len(statements) == 1:
            return [_rows(self._execute(statements[0]))]
        cursors: list[psycopg.Cursor[TupleRow]] = []
        failure: psycopg.Error | None = None
        try:
            # Between two synchronization points a pipeline is one transaction, sent in one round trip.
            with self._connection.pipeline():
                try:
                    cursors = [self._execute(statement) for statement in statements]
                except psycopg.Error as error:
                    # Not raised here: the pipeline would log a warning about what happens when it ends.
                    failure = error
        except psycopg.Error as error:
            raise failure or error from error
        if failure is not None:
            raise failure
        return [_rows(cursor) for cursor in cursors]

    def _execute(self, statement: Statement) -> psycopg.Cursor[TupleRow]:
        # Bytes, because the driver's types take only literal strings; the text is made of our own constants.
        return self._connection.execute(statement.sql.encode(), statement.parameters)

    def close(self) -> None:
        self._pooled.invalidate()


@contextmanager
def lone_connection(engine: Engine) -> Generator[psycopg.Connection[TupleRow]]:
    """A connection made as the engine makes them and outside its pool, which may be used up. Raises psycopg.Error."""
    pooled = engine.pool.recreate().connect()
    try:
        yield _autocommitting(pooled)
    finally:
        pooled.invalidate()


def session_lock(connection: psycopg.Connection[TupleRow]) -> str | None:
    """Take a lock that ends with the session; its name, None: somebody else has drawn the same one."""
    key = secrets.randbits(_LOCK_BITS)
    # Of numbers of our own.
    query = f"SELECT concat({_SERVER_RUN}, '/', {key}) WHERE pg_try_advisory_lock({_EXECUTOR_LOCKS}, {key})"
    row = connection.execute(query.encode()).fetchone()
    return None if row is None else str(row[0])


def _autocommitting(pooled: PoolProxiedConnection) -> psycopg.Connection[TupleRow]:
    connection = pooled.driver_connection
    if not isinstance(connection, psycopg.Connection):
        msg = f"expected a psycopg connection, got {type(connection)}"
        raise TypeError(msg)
    found = cast("psycopg.Connection[TupleRow]", connection)
    found.autocommit = True
    return found


def _rows(cursor: psycopg.Cursor[TupleRow]) -> Rows:
    return cursor.fetchall() if cursor.description is not None else []


def open_postgres(
    url: URL,
    *,
    pool_size: int,
    options: Mapping[str, Any] | None = None,
    pooler: Literal["transaction", "session", "none"] | None = None,
    silence_seconds: float = WatchedConnection.silence_seconds,
) -> Engine:
    """An engine on a PostgreSQL database.

    `options` are arguments of create_engine that count before ours. Behind a `pooler` that gives every transaction
    another session, statements are not prepared. A server that is silent for `silence_seconds` is asked whether it is
    at work, see WatchedConnection.
    """
    # What the URL says counts before the defaults, and connect_args would count before the URL.
    arguments = {key: value for key, value in DEFAULTS.items() if key not in url.query}
    given = dict(options or {})
    given["connect_args"] = {**arguments, **given.get("connect_args", {})}
    defaults = {"pool_size": pool_size, "max_overflow": 0, "pool_use_lifo": True, "hide_parameters": True}
    engine = create_engine(url, **{**defaults, **given})
    hide_values(engine)

    silence = Silence()

    def connect(_: object, __: object, args: list[Any], parameters: dict[str, Any]) -> WatchedConnection:
        if pooler == "transaction":
            # Every connection has a name of its own, by which the server knows what the pooler hides.
            label = f"{parameters.get('application_name', 'dbos_typed')} {secrets.token_hex(4)}"
            parameters = {**parameters, "application_name": label, "prepare_threshold": None}
        connection = WatchedConnection.connect(*args, **parameters)
        note_session(connection)
        connection.parameters = parameters
        connection.silence_seconds = silence_seconds
        connection.made_at = time.monotonic()
        connection.silence = silence
        if pooler == "transaction":
            connection.label = parameters["application_name"]
        return connection

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkin", _note_checkin)
    event.listen(engine, "checkout", _check_idle)
    return engine


def _note_checkin(_: object, entry: ConnectionPoolEntry) -> None:
    entry.info["idle_since"] = time.monotonic()


def _check_idle(connection: WatchedConnection, entry: ConnectionPoolEntry, _: object) -> None:
    """Replace a connection that was lost while nobody used it.

    One that is lost in use only costs a repetition; this saves the body of a transaction from being run twice.
    """
    if connection.is_suspect:
        msg = "another connection to the server was found dead"
        raise exc.DisconnectionError(msg)
    if time.monotonic() - entry.info.get("idle_since", math.inf) < CHECKED_AFTER_SECONDS:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as error:
        raise exc.DisconnectionError(str(error)) from error


def has_pooler(engine: Engine) -> bool:
    """Whether a pooler stands before the server, which shows in that it gives its own number for the session."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            return False
        told: int = driver.info.backend_pid
        return bool(connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != told)

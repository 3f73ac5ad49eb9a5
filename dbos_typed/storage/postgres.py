"""PostgreSQL on psycopg 3."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import PoolProxiedConnection

from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.dialect import Statement
from dbos_typed.storage.rows import Rows
from dbos_typed.storage.schema import Names

MINIMUM_VERSION = (14,)
_MIGRATION_LOCK = 0x44424F53
_TRANSIENT = frozenset({"40001", "40P01"})


class PostgresDialect:
    """Many writers, schemas, notifications."""

    has_notify = True
    has_queue_locks = True
    is_single_writer = False
    least = "least"
    now_ms = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

    def __init__(self, schema: str) -> None:
        self.names = Names(schema=schema, prefix="")
        self.channel = schema

    def batch(self, columns: Mapping[str, str], parameter: str) -> str:
        fields = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        return f"ROWS FROM (json_to_recordset({self.parameter(parameter)}::json) AS ({fields}))"

    def same(self, left: str, right: str) -> str:
        return f"{left} IS NOT DISTINCT FROM {right}"

    def returning(self, alias: str, columns: Sequence[str]) -> str:
        return f"RETURNING {', '.join(f'{alias}.{name}' for name in columns)}"

    def elements(self, array: str, alias: str) -> str:
        return f"json_array_elements_text({array}) AS {alias}(value)"

    def element(self, alias: str) -> str:
        return f"{alias}.value"

    def lock_rows(self, alias: str) -> str:
        # Not FOR UPDATE, which would wait for the key locks of steps that are being inserted.
        return f"FOR NO KEY UPDATE OF {alias}"

    def skip_locked(self, alias: str) -> str:
        return f"FOR UPDATE OF {alias} SKIP LOCKED"

    def parameter(self, name: str) -> str:
        return f"%({name})s"

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

    def is_transient(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.Error) and error.sqlstate in _TRANSIENT

    def is_disconnect(self, error: BaseException) -> bool:
        if not isinstance(error, psycopg.OperationalError):
            return False
        # 57P: shut down or terminated by an administrator; 08: connection exception; none: the socket broke.
        return error.sqlstate is None or error.sqlstate.startswith(("57P", "08"))


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
        # Between two synchronization points a pipeline is one transaction, sent in one round trip.
        with self._connection.pipeline():
            cursors = [self._execute(statement) for statement in statements]
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


def open_postgres(url: URL, *, pool_size: int, options: Mapping[str, Any] | None = None) -> Engine:
    """An engine on a PostgreSQL database; `options` are arguments of create_engine that count before ours."""
    defaults = {"connect_timeout": 10, "application_name": "dbos_typed"}
    # What the URL says counts before the defaults, and connect_args would count before the URL.
    arguments = {key: value for key, value in defaults.items() if key not in url.query}
    given = dict(options or {})
    given["connect_args"] = {**arguments, **given.get("connect_args", {})}
    return create_engine(url, **{"pool_size": pool_size, "max_overflow": 0, "pool_pre_ping": True, **given})

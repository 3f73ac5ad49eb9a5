"""Puts a saboteur between the engine and the drivers of its database."""

import contextlib
import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from dbos_typed.storage.dialect import Statement
from dbos_typed.storage.postgres import PostgresWriter
from dbos_typed.storage.rows import Rows
from dbos_typed.storage.sqlite import SqliteWriter
from tests.simulation.blows import Blow, Moment, Seam
from tests.simulation.saboteur import Saboteur, falls_before


def sabotage_journal(saboteur: Saboteur, patch: pytest.MonkeyPatch) -> None:
    """Let batches of every journal fail."""
    for writer in (PostgresWriter, SqliteWriter):
        patch.setattr(writer, "run", _sabotaged(saboteur, writer.run))


def sabotage_engine(saboteur: Saboteur, engine: Engine) -> None:
    """Let connections, statements and commits of an engine fail."""
    pool: Any = engine.pool
    connect = pool.connect

    def sabotaged_connect() -> Any:
        blow = saboteur.use(Seam.CONNECT)
        if blow is not None:
            blow.failure.strike(None)  # type: ignore[arg-type]  # what falls here needs no connection
        return connect()

    pool.connect = sabotaged_connect

    def execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
        is_users = "dbos_errors" in context.root_connection.get_execution_options()
        blow = saboteur.use(Seam.STATEMENT if is_users else Seam.READ)
        if blow is None:
            return None
        if blow.moment is Moment.AFTER:
            cursor.execute(statement, parameters)
        blow.failure.strike(cursor.connection)

    event.listen(engine, "do_execute", execute)
    dialect: Any = engine.dialect
    commit = dialect.do_commit

    def sabotaged_commit(connection: Any) -> None:
        blow = saboteur.use(Seam.COMMIT)
        driver = connection.driver_connection
        if falls_before(blow):
            try:
                _strike(blow, driver)
            finally:
                # A server that refuses to commit has ended the transaction.
                if isinstance(driver, psycopg.Connection) and not driver.closed:
                    driver.rollback()
        commit(connection)
        _strike(blow, driver)

    dialect.do_commit = sabotaged_commit


def _strike(blow: Blow | None, connection: Any) -> None:
    if blow is not None:
        blow.failure.strike(connection)


def _sabotaged(saboteur: Saboteur, run: Any) -> Any:
    def sabotaged_run(self: Any, statements: Sequence[Statement]) -> list[Rows]:
        blow = saboteur.use(Seam.BATCH)
        if blow is not None and blow.moment is not Moment.AFTER:
            if blow.moment is Moment.MIDDLE:
                _half(self._connection, statements, blow)
            blow.failure.strike(self._connection)
        rows: list[Rows] = run(self, statements)
        _strike(blow, self._connection)
        return rows

    return sabotaged_run


def _half(connection: Any, statements: Sequence[Statement], blow: Blow) -> None:
    """Execute the first statements, fail, and roll back, as the journal's own connection does."""
    half = statements[: (len(statements) + 1) // 2]
    if isinstance(connection, psycopg.Connection):
        with connection.transaction():
            for statement in half:
                connection.execute(statement.sql.encode(), statement.parameters)
            blow.failure.strike(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in half:
            connection.execute(statement.sql, statement.parameters)
        blow.failure.strike(connection)
    finally:
        with contextlib.suppress(sqlite3.Error):
            connection.rollback()

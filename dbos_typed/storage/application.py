"""An application's database beside the system database: transactions run on it, and their records commit with them."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    inspect,
    literal,
    literal_column,
    null,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import SQLAlchemyError

from dbos_typed.core.ports import Journal, JournalClosedError, StepOwner, Unconfirmed
from dbos_typed.core.writes import DeleteEnded, DeleteWorkflow, RecordedStep, Write
from dbos_typed.records import StepKind
from dbos_typed.storage.availability import Availability, Gate
from dbos_typed.storage.connecting import Access, connected
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.faults import fault_of
from dbos_typed.storage.rows import STEP_COLUMNS, step_record
from dbos_typed.storage.schema import Names
from dbos_typed.storage.transactor import Confirm, SqlTransactor
from dbos_typed.storage.unicode import all_rows

T = TypeVar("T")


def transaction_table(names: Names) -> Table:
    """The records of transactions. The primary key lets one run only take a step's place."""
    return Table(
        f"{names.prefix}transactions",
        MetaData(schema=names.schema),
        Column("workflow_id", Text, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("name", Text, nullable=False),
        Column("output", Text),
        Column("error", Text),
        Column("args_digest", Text),
        Column("started_at", BigInteger, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


class ApplicationRecords:
    """Records in a table of the application's database; the caller copies each to the system database.

    A crash between the two commits leaves the record here, where the recovered run finds it before it would run the
    transaction again.
    """

    def __init__(self, engine: Engine, table: Table, mark: str) -> None:
        """`mark`: see Dialect.transaction_mark."""
        self._engine = engine.execution_options(dbos_read_only=True)
        self._table = table
        self._mark: ColumnElement[object] = literal_column(mark)
        self._insert = insert_sqlite(table) if engine.dialect.name == "sqlite" else insert_postgres(table)

    def find(self, owner: StepOwner) -> Unconfirmed | None:
        # In a transaction of its own: read in the user's, it would make serializable transactions conflict.
        with self._engine.connect() as connection:
            return self._find(connection, owner.workflow_id, owner.number)

    def store(self, connection: Connection, recorded: RecordedStep, confirm: Confirm) -> Unconfirmed | None:
        step = recorded.step
        statement = (
            self._insert.values(
                workflow_id=step.workflow_id,
                number=step.number,
                name=step.name,
                output=step.output,
                error=step.error,
                args_digest=step.args_digest,
                started_at=step.started_at,
                created_at=step.completed_at,
            )
            .on_conflict_do_nothing()
            .returning(self._mark)
        )
        stored = connection.execute(statement).one_or_none()
        if stored is not None:
            confirm(stored[0])
            return None
        return self._find(connection, step.workflow_id, step.number)

    def committed(self, recorded: RecordedStep, value: object) -> Unconfirmed:
        return Unconfirmed(step=recorded.step, value=value, is_fresh=True)

    def forget(self, workflow_ids: Sequence[str]) -> None:
        """Remove the records of workflows that are deleted."""
        if not workflow_ids:
            return
        with self._engine.execution_options(dbos_read_only=False).begin() as connection:
            connection.execute(delete(self._table).where(self._table.c.workflow_id.in_(workflow_ids)))

    def _find(self, connection: Connection, workflow_id: str, number: int) -> Unconfirmed | None:
        column = self._table.c
        query = select(
            column.workflow_id,
            column.number,
            column.name,
            literal(StepKind.TRANSACTION.value),
            column.output,
            column.error,
            null(),
            column.args_digest,
            column.started_at,
            column.created_at,
        ).where(column.workflow_id == workflow_id, column.number == number)
        rows = all_rows(connection, query)
        if not rows:
            return None
        step = step_record(dict(zip(STEP_COLUMNS, rows[0], strict=True)))
        return Unconfirmed(step=step, value=None, is_fresh=False)


class ForgettingJournal:
    """The journal of the system database, which removes the records here of the workflows that it deletes.

    They go first: a deletion that is cut short can be repeated, while records that outlived their workflow would
    answer for another one of its id.
    """

    def __init__(self, journal: Journal, records: ApplicationRecords, gate: Gate) -> None:
        self._journal = journal
        self._records = records
        self._gate = gate

    def write(self, write: Write[T], patience_seconds: float | None = None) -> T:
        self._forget([write], patience_seconds)
        return self._journal.write(write, patience_seconds)

    def write_all(self, writes: Sequence[Write[T]], patience_seconds: float | None = None) -> list[T]:
        self._forget(writes, patience_seconds)
        return self._journal.write_all(writes, patience_seconds)

    async def write_async(self, write: Write[T], patience_seconds: float | None = None) -> T:
        if _deleted([write]):
            await asyncio.to_thread(self._forget, [write], patience_seconds)
        return await self._journal.write_async(write, patience_seconds)

    def _forget(self, writes: Sequence[Write[Any]], patience_seconds: float | None) -> None:
        deleted = _deleted(writes)
        if not deleted:
            return
        end = math.inf if patience_seconds is None else time.monotonic() + patience_seconds
        while True:
            try:
                self._records.forget(deleted)
            except SQLAlchemyError as error:
                fault = fault_of(error)
                if fault is None:
                    raise
                remaining = end - time.monotonic()
                if remaining <= 0:
                    raise fault from error
                self._gate.failed(fault)
                self._gate.wait(remaining)
                if self._gate.is_closed:
                    raise JournalClosedError from error
            else:
                self._gate.passed()
                return


def _deleted(writes: Sequence[Write[Any]]) -> list[str]:
    return [write.workflow_id for write in writes if isinstance(write, DeleteWorkflow | DeleteEnded)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDatabase:
    """The application's database, when the workflows are stored in another one."""

    engine: Engine
    availability: Availability
    transactor: SqlTransactor
    journal: Journal
    """The system database's journal, which keeps the records here in step."""

    def close(self) -> None:
        """Close every connection. Idempotent."""
        self.availability.close()
        self.engine.dispose()


def open_application_database(
    url: str, access: Access, *, journal: Journal, logger: logging.Logger
) -> ApplicationDatabase:
    """Connect, creating a missing database where the role may, and create the table of transaction records.

    Raises DBOSDatabaseUnavailableError if the database does not answer in time, and DBOSInitializationError if the URL
    is wrong.
    """
    opened = connected(url, access, create_records_table, logger)
    engine, dialect, availability = opened.engine, opened.dialect, opened.availability
    records = ApplicationRecords(engine, transaction_table(dialect.names), dialect.transaction_mark)
    return ApplicationDatabase(
        engine=engine,
        availability=availability,
        transactor=SqlTransactor(
            engine=engine,
            dialect=dialect,
            records=records,
            exclusive=threading.Lock() if dialect.is_single_writer else None,
        ),
        journal=ForgettingJournal(journal, records, availability.writes),
    )


def create_records_table(engine: Engine, dialect: Dialect) -> None:
    """Create the table of transaction records where it is missing."""
    table = transaction_table(dialect.names)
    # A role that may not create anything can use what is there.
    with engine.connect().execution_options(dbos_read_only=True) as connection:
        if inspect(connection).has_table(table.name, schema=table.schema):
            return
    with dialect.migration_lock(engine) as connection:
        if table.schema is not None:
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{table.schema}"'))
        table.create(connection, checkfirst=True)

"""An application's database beside the system database: transactions run on it, and their records commit with them."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from dbos_typed.core.ports import Journal, StepOwner, Unconfirmed
from dbos_typed.core.writes import DeleteEnded, DeleteWorkflow, RecordedStep, Write
from dbos_typed.records import StepKind, StepRecord
from dbos_typed.storage.connecting import connected
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.schema import Names
from dbos_typed.storage.transactor import SqlTransactor

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

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine.execution_options(dbos_read_only=True)
        self._table = table
        self._insert = insert_sqlite(table) if engine.dialect.name == "sqlite" else insert_postgres(table)

    def find(self, owner: StepOwner) -> Unconfirmed | None:
        # In a transaction of its own: read in the user's, it would make serializable transactions conflict.
        with self._engine.connect() as connection:
            return self._find(connection, owner.workflow_id, owner.number)

    def store(self, connection: Connection, recorded: RecordedStep) -> Unconfirmed | None:
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
            .returning(self._table.c.number)
        )
        if connection.execute(statement).one_or_none() is not None:
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
        query = select(self._table).where(column.workflow_id == workflow_id, column.number == number)
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        step = StepRecord(
            workflow_id=workflow_id,
            number=number,
            name=row["name"],
            kind=StepKind.TRANSACTION,
            output=row["output"],
            error=row["error"],
            args_digest=row["args_digest"],
            started_at=row["started_at"],
            completed_at=row["created_at"],
        )
        return Unconfirmed(step=step, value=None, is_fresh=False)


class ForgettingJournal:
    """The journal of the system database, which removes the records here of the workflows that it deletes.

    They go first: a deletion that is cut short can be repeated, while records that outlived their workflow would
    answer for another one of its id.
    """

    def __init__(self, journal: Journal, records: ApplicationRecords) -> None:
        self._journal = journal
        self._records = records

    def write(self, write: Write[T]) -> T:
        self._records.forget(_deleted([write]))
        return self._journal.write(write)

    def write_all(self, writes: Sequence[Write[T]]) -> list[T]:
        self._records.forget(_deleted(writes))
        return self._journal.write_all(writes)

    async def write_async(self, write: Write[T]) -> T:
        deleted = _deleted([write])
        if deleted:
            await asyncio.to_thread(self._records.forget, deleted)
        return await self._journal.write_async(write)


def _deleted(writes: Sequence[Write[Any]]) -> list[str]:
    return [write.workflow_id for write in writes if isinstance(write, DeleteWorkflow | DeleteEnded)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDatabase:
    """The application's database, when the workflows are stored in another one."""

    engine: Engine
    transactor: SqlTransactor
    journal: Journal
    """The system database's journal, which keeps the records here in step."""

    def close(self) -> None:
        """Close every connection. Idempotent."""
        self.engine.dispose()


def open_application_database(
    url: str,
    *,
    schema: str,
    pool_size: int,
    engine_options: Mapping[str, Any],
    journal: Journal,
    logger: logging.Logger,
) -> ApplicationDatabase:
    """Connect, creating a missing database where the role may, and create the table of transaction records.

    DBOSInitializationError: the URL is wrong, or the database cannot be reached.
    """
    engine, dialect = connected(
        url,
        schema=schema,
        pool_size=pool_size,
        engine_options=engine_options,
        may_create=True,
        prepare=create_records_table,
    )
    records = ApplicationRecords(engine, transaction_table(dialect.names))
    return ApplicationDatabase(
        engine=engine,
        transactor=SqlTransactor(
            engine=engine,
            dialect=dialect,
            records=records,
            logger=logger,
            exclusive=threading.Lock() if dialect.is_single_writer else None,
        ),
        journal=ForgettingJournal(journal, records),
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

"""Reads of the system database."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Text,
    any_,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.records import STORED_STATUSES, ExecutorRecord, StepRecord, WorkflowRecord, WorkflowStatusString
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.executors import ExecutorStatements, executor_record
from dbos_typed.storage.faults import fault_of
from dbos_typed.storage.rows import STEP_COLUMNS, WORKFLOW_COLUMNS, step_record, workflow_record
from dbos_typed.storage.schema import tables
from dbos_typed.storage.standins import as_text
from dbos_typed.storage.unicode import all_rows

CHUNK = 500
"""Ids in one IN list."""


class SqlReader:
    """Reader on SQLAlchemy.

    Each statement sees what is committed when it begins. Every method raises DatabaseFault if the database does not
    answer.
    """

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        options: dict[str, Any] = {"dbos_read_only": True}
        if engine.dialect.name == "postgresql":
            # A single statement needs no transaction around it, which would be two round trips more.
            options["isolation_level"] = "AUTOCOMMIT"
        self._engine = engine.execution_options(**options)
        self._dialect = dialect
        self._tables = tables(dialect.names)
        self._executor_by_id = ExecutorStatements(dialect).by_id
        # In a subquery it is worked out once, not for every row.
        self._now: ColumnElement[int] = select(literal_column(dialect.now_ms, BigInteger)).scalar_subquery()

    def workflow(self, workflow_id: str) -> WorkflowRecord | None:
        query = self._select_workflows().where(self._tables.workflows.c.workflow_id == workflow_id)
        with self._connection() as connection:
            rows = all_rows(connection, query)
        return _workflow(rows[0]) if rows else None

    def workflows(self, condition: WorkflowFilter) -> list[WorkflowRecord]:
        query = self._filtered(condition)
        with self._connection() as connection:
            rows = all_rows(connection, query)
        return [_workflow(row) for row in rows]

    def steps(self, workflow_ids: Sequence[str]) -> Mapping[str, Mapping[int, StepRecord]]:
        found: dict[str, dict[int, StepRecord]] = {workflow_id: {} for workflow_id in workflow_ids}
        table = self._tables.steps
        columns = [table.c[name] for name in STEP_COLUMNS]
        with self._connection() as connection:
            for start in range(0, len(workflow_ids), CHUNK):
                chunk = workflow_ids[start : start + CHUNK]
                query = select(*columns).where(table.c.workflow_id.in_(chunk))
                for row in all_rows(connection, query):
                    record = step_record(dict(zip(STEP_COLUMNS, row, strict=True)))
                    records = found[record.workflow_id]
                    if record.number in records:
                        record = replace(record, number=min(records) - 1)
                    records[record.number] = record
        return found

    def stream(self, workflow_id: str, key: str, after: int) -> Sequence[tuple[int, str | None]]:
        column = self._tables.streams.c
        query = (
            select(column.position, column.value)
            .where(column.workflow_id == workflow_id, column.key == key, column.position > after)
            .order_by(column.position)
        )
        with self._connection() as connection:
            # A position that is no number is a place in no order.
            return [
                (row.position, None if row.value is None else as_text(row.value))
                for row in all_rows(connection, query)
                if isinstance(row.position, int)
            ]

    def executor(self, executor_id: str) -> ExecutorRecord | None:
        with self._connection() as connection:
            row = connection.exec_driver_sql(self._executor_by_id, {"executor_id": executor_id}).first()
        return None if row is None else executor_record(tuple(row), self._dialect)

    def owned(self, executor_id: str, app_version: str) -> Mapping[str, int]:
        column = self._tables.workflows.c
        query = select(column.workflow_id, column.run_token).where(
            column.status == "PENDING", column.executor_id == executor_id, column.app_version == app_version
        )
        with self._connection() as connection:
            return {as_text(row.workflow_id): row.run_token for row in all_rows(connection, query)}

    def newest_transaction(self) -> int:
        """A number that grows whenever somebody writes to the server; PostgreSQL only."""
        with self._connection() as connection:
            return int(connection.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one())

    def ended(self, before: int, most: int) -> Sequence[str]:
        workflows = self._tables.workflows
        column, parent = workflows.c, workflows.alias("parent")
        is_awaited = exists().where(
            parent.c.workflow_id == column.parent_workflow_id, parent.c.status.not_in(["SUCCESS", "ERROR"])
        )
        query = (
            select(column.workflow_id)
            # The first condition follows from the second; it and the order have an index.
            .where(column.created_at < before, column.updated_at < before)
            .where(column.status.in_(["SUCCESS", "ERROR", "CANCELLED"]), ~is_awaited)
            .order_by(column.created_at, column.workflow_id)
            .limit(most)
        )
        with self._connection() as connection:
            return [row.workflow_id for row in all_rows(connection, query) if isinstance(row.workflow_id, str)]

    def now_ms(self) -> int:
        with self._connection() as connection:
            return int(connection.execute(select(self._now)).scalar_one())

    def waiting_queues(self, queue_names: Sequence[str]) -> Sequence[str]:
        column = self._tables.workflows.c
        query = (
            select(column.queue_name)
            .where(column.status == "ENQUEUED", column.queue_name.in_(queue_names), column.visible_at <= self._now)
            .distinct()
        )
        with self._connection() as connection:
            return [as_text(row.queue_name) for row in all_rows(connection, query)]

    def partitions(self, queue_name: str) -> Sequence[str | None]:
        column = self._tables.workflows.c
        query = (
            select(column.partition_key)
            .where(column.queue_name == queue_name, column.status == "ENQUEUED", column.visible_at <= self._now)
            .distinct()
        )
        with self._connection() as connection:
            keys = [row.partition_key for row in all_rows(connection, query)]
        # What is no text cannot be asked for, and must not hold up the other partitions.
        return [key for key in keys if key is None or isinstance(key, str)]

    def event(self, workflow_id: str, key: str) -> str | None:
        table = self._tables.events
        query = select(table.c.value).where(table.c.workflow_id == workflow_id, table.c.key == key)
        with self._connection() as connection:
            rows = all_rows(connection, query)
        return as_text(rows[0].value) if rows else None

    def events(self, workflow_id: str) -> Mapping[str, str]:
        table = self._tables.events
        query = select(table.c.key, table.c.value).where(table.c.workflow_id == workflow_id).order_by(table.c.key)
        with self._connection() as connection:
            return {as_text(row.key): as_text(row.value) for row in all_rows(connection, query)}

    @contextmanager
    def _connection(self) -> Generator[Connection]:
        """A connection to read with. Raises DatabaseFault if the database does not answer."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            fault = fault_of(error)
            if fault is None:
                raise
            raise fault from error

    def _select_workflows(self) -> Select[tuple[object, ...]]:
        return select(*(self._tables.workflows.c[name] for name in WORKFLOW_COLUMNS))

    def _is_among(self, column: ColumnElement[Any], wanted: Sequence[str]) -> ColumnElement[bool]:
        if len(wanted) <= CHUNK:
            return column.in_(wanted)
        # A statement has a limited number of parameters.
        if self._engine.dialect.name == "sqlite":
            return column.in_(select(func.json_each(json.dumps(wanted)).table_valued("value").c.value))
        return column == any_(literal(list(wanted), ARRAY(Text)))

    def _select_listed(self, condition: WorkflowFilter) -> Select[tuple[object, ...]]:
        column = self._tables.workflows.c
        absent: dict[str, ColumnElement[Any]] = {}
        if not condition.load_input:
            absent["inputs"] = literal("").label("inputs")
        if not condition.load_output:
            absent["output"], absent["error"] = null().label("output"), null().label("error")
        return select(*(absent.get(name, column[name]) for name in WORKFLOW_COLUMNS))

    def _filtered(self, condition: WorkflowFilter) -> Select[tuple[object, ...]]:
        column = self._tables.workflows.c
        query = self._select_listed(condition)
        if condition.statuses is not None:
            query = query.where(_is_of(column.status, condition.statuses))
        for values, wanted in (
            (column.workflow_id, condition.workflow_ids),
            (column.name, condition.names),
            (column.executor_id, condition.executor_ids),
        ):
            if wanted is not None:
                query = query.where(self._is_among(values, wanted))
        for value, equal in (
            (column.app_version, condition.app_version),
            (column.auth_user, condition.user),
            (column.queue_name, condition.queue_name),
        ):
            if equal is not None:
                query = query.where(value == equal)
        if condition.workflow_id_prefix is not None:
            query = query.where(column.workflow_id.startswith(condition.workflow_id_prefix, autoescape=True))
        if condition.start_time is not None:
            query = query.where(column.created_at >= condition.start_time)
        if condition.end_time is not None:
            query = query.where(column.created_at <= condition.end_time)
        if condition.queued_only:
            query = query.where(column.queue_name.is_not(None), column.status.in_(["ENQUEUED", "PENDING"]))
        order = (column.created_at, column.workflow_id)
        query = query.order_by(*(key.desc() if condition.sort_desc else key.asc() for key in order))
        if condition.limit is not None:
            query = query.limit(condition.limit)
        if condition.offset is not None:
            query = query.offset(condition.offset)
        return query


def _workflow(row: Row[Any]) -> WorkflowRecord:
    return workflow_record(dict(zip(WORKFLOW_COLUMNS, row, strict=True)))


def _is_of(status: ColumnElement[Any], wanted: Sequence[WorkflowStatusString]) -> ColumnElement[bool]:
    is_wanted = status.in_([one.value for one in wanted])
    if WorkflowStatusString.UNKNOWN not in wanted:
        return is_wanted
    return is_wanted | status.not_in([one.value for one in STORED_STATUSES])

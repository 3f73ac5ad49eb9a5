"""Reads of the system database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Engine, Select, Text, any_, exists, func, literal, null, select

from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.records import StepRecord, WorkflowRecord
from dbos_typed.storage.rows import STEP_COLUMNS, WORKFLOW_COLUMNS, step_record, workflow_record
from dbos_typed.storage.schema import Tables

CHUNK = 500
"""Ids in one IN list."""


class SqlReader:
    """Reader on SQLAlchemy. Each call is one short read-only transaction."""

    def __init__(self, engine: Engine, tables: Tables) -> None:
        self._engine = engine.execution_options(dbos_read_only=True)
        self._tables = tables

    def workflow(self, workflow_id: str) -> WorkflowRecord | None:
        query = self._select_workflows().where(self._tables.workflows.c.workflow_id == workflow_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else workflow_record({str(key): value for key, value in row.items()})

    def workflows(self, condition: WorkflowFilter) -> list[WorkflowRecord]:
        query = self._filtered(condition)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [workflow_record({str(key): value for key, value in row.items()}) for row in rows]

    def steps(self, workflow_ids: Sequence[str]) -> Mapping[str, Mapping[int, StepRecord]]:
        found: dict[str, dict[int, StepRecord]] = {workflow_id: {} for workflow_id in workflow_ids}
        table = self._tables.steps
        columns = [table.c[name] for name in STEP_COLUMNS]
        with self._engine.connect() as connection:
            for start in range(0, len(workflow_ids), CHUNK):
                chunk = workflow_ids[start : start + CHUNK]
                query = select(*columns).where(table.c.workflow_id.in_(chunk))
                for row in connection.execute(query):
                    record = step_record(dict(zip(STEP_COLUMNS, row, strict=True)))
                    found[record.workflow_id][record.number] = record
        return found

    def stream(self, workflow_id: str, key: str, after: int) -> Sequence[tuple[int, str | None]]:
        column = self._tables.streams.c
        query = (
            select(column.position, column.value)
            .where(column.workflow_id == workflow_id, column.key == key, column.position > after)
            .order_by(column.position)
        )
        with self._engine.connect() as connection:
            return [(row.position, row.value) for row in connection.execute(query)]

    def executor_processes(self, host: str) -> Mapping[str, int]:
        table = self._tables.executors
        query = select(table.c.executor_id, table.c.pid).where(table.c.host == host)
        with self._engine.connect() as connection:
            return {row.executor_id: row.pid for row in connection.execute(query)}

    def owned(self, executor_id: str) -> Mapping[str, int]:
        column = self._tables.workflows.c
        query = select(column.workflow_id, column.run_token).where(
            column.status == "PENDING", column.executor_id == executor_id
        )
        with self._engine.connect() as connection:
            return {row.workflow_id: row.run_token for row in connection.execute(query)}

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
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def partitions(self, queue_name: str, now: int) -> Sequence[str | None]:
        column = self._tables.workflows.c
        query = (
            select(column.partition_key)
            .where(column.queue_name == queue_name, column.status == "ENQUEUED", column.visible_at <= now)
            .distinct()
        )
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def event(self, workflow_id: str, key: str) -> str | None:
        table = self._tables.events
        query = select(table.c.value).where(table.c.workflow_id == workflow_id, table.c.key == key)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def events(self, workflow_id: str) -> Mapping[str, str]:
        table = self._tables.events
        query = select(table.c.key, table.c.value).where(table.c.workflow_id == workflow_id).order_by(table.c.key)
        with self._engine.connect() as connection:
            return {row.key: row.value for row in connection.execute(query)}

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
        for values, wanted in (
            (column.workflow_id, condition.workflow_ids),
            (column.status, condition.statuses),
            (column.name, condition.names),
            (column.executor_id, condition.executor_ids),
        ):
            if wanted is not None:
                query = query.where(self._is_among(values, [str(value) for value in wanted]))
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

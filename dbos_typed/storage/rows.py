"""Records to table rows and back.

A row is a plain dict of column values; a batch of rows travels as one JSON parameter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from dbos_typed.core.writes import RecordedStep
from dbos_typed.records import Auth, StepKind, StepRecord, WorkflowRecord, WorkflowStatusString

Value: TypeAlias = "str | int | None"
Row: TypeAlias = "dict[str, Value | list[str]]"
Rows: TypeAlias = Sequence[Sequence[Value]]

WORKFLOW_COLUMNS = {
    "workflow_id": "text",
    "status": "text",
    "name": "text",
    "class_name": "text",
    "config_name": "text",
    "inputs": "text",
    "output": "text",
    "error": "text",
    "auth_user": "text",
    "auth_roles": "text",
    "assumed_role": "text",
    "queue_name": "text",
    "deduplication_id": "text",
    "priority": "int",
    "partition_key": "text",
    "executor_id": "text",
    "app_version": "text",
    "run_token": "bigint",
    "recovery_attempts": "int",
    "parent_workflow_id": "text",
    "trace_context": "text",
    "request": "text",
    "timeout_ms": "bigint",
    "deadline": "bigint",
    "visible_at": "bigint",
    "queue_order": "bigint",
    "created_at": "bigint",
    "updated_at": "bigint",
    "started_at": "bigint",
}
STEP_COLUMNS = {
    "workflow_id": "text",
    "number": "int",
    "name": "text",
    "kind": "text",
    "output": "text",
    "error": "text",
    "child_id": "text",
    "args_digest": "text",
    "started_at": "bigint",
    "completed_at": "bigint",
}

_to_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def as_json(rows: Sequence[Row]) -> str:
    """The one parameter of a batch statement."""
    return _to_json(rows)


def workflow_row(record: WorkflowRecord) -> Row:
    """The row of a workflow."""
    auth = record.auth
    return {
        "workflow_id": record.workflow_id,
        "status": record.status.value,
        "name": record.name,
        "class_name": record.class_name,
        "config_name": record.config_name,
        "inputs": record.inputs,
        "output": record.output,
        "error": record.error,
        "auth_user": auth.user,
        "auth_roles": None if auth.roles is None else _to_json(auth.roles),
        "assumed_role": auth.assumed_role,
        "queue_name": record.queue_name,
        "deduplication_id": record.deduplication_id,
        "priority": record.priority,
        "partition_key": record.partition_key,
        "executor_id": record.executor_id,
        "app_version": record.app_version,
        "run_token": record.run_token,
        "recovery_attempts": record.recovery_attempts,
        "parent_workflow_id": record.parent_workflow_id,
        "trace_context": record.trace_context,
        "request": record.request,
        "timeout_ms": record.timeout_ms,
        "deadline": record.deadline,
        "visible_at": record.visible_at,
        "queue_order": record.queue_order,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "started_at": record.started_at,
    }


def workflow_record(row: Mapping[str, object]) -> WorkflowRecord:
    """The record of a row with all of WORKFLOW_COLUMNS."""
    values = dict(row)
    roles = values.pop("auth_roles")
    auth = Auth(
        user=values.pop("auth_user"),  # type: ignore[arg-type]  # a text column
        roles=None if roles is None else tuple(json.loads(str(roles))),
        assumed_role=values.pop("assumed_role"),  # type: ignore[arg-type]  # a text column
    )
    status = WorkflowStatusString(str(values.pop("status")))
    return WorkflowRecord(status=status, auth=auth, **values)  # type: ignore[arg-type]  # columns are named after fields


def step_row(recorded: RecordedStep) -> Row:
    """The row of a step with the token of the run that records it."""
    step = recorded.step
    return {
        "workflow_id": step.workflow_id,
        "number": step.number,
        "name": step.name,
        "kind": step.kind.value,
        "output": step.output,
        "error": step.error,
        "child_id": step.child_id,
        "args_digest": step.args_digest,
        "started_at": step.started_at,
        "completed_at": step.completed_at,
        "run_token": recorded.run_token,
    }


def step_record(row: Mapping[str, object]) -> StepRecord:
    """The record of a row with all of STEP_COLUMNS."""
    values = dict(row)
    return StepRecord(kind=StepKind(str(values.pop("kind"))), **values)  # type: ignore[arg-type]  # columns are named after fields

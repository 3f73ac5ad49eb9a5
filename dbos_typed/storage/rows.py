"""Records to table rows and back.

A row is a plain dict of column values; a batch of rows travels as one JSON parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias, cast

from dbos_typed.core.writes import RecordedStep
from dbos_typed.records import (
    ANONYMOUS,
    STORED_STATUSES,
    Auth,
    StepKind,
    StepRecord,
    WorkflowRecord,
    WorkflowStatusString,
)
from dbos_typed.storage.standins import Columns, shortened

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
WORKFLOW_REQUIRED = (
    "workflow_id",
    "status",
    "name",
    "inputs",
    "priority",
    "run_token",
    "recovery_attempts",
    "visible_at",
    "queue_order",
    "created_at",
    "updated_at",
)
"""Columns that are never NULL."""
STEP_REQUIRED = ("workflow_id", "number", "name", "kind", "started_at", "completed_at")

_WORKFLOW = Columns(WORKFLOW_COLUMNS, WORKFLOW_REQUIRED)
_STEP = Columns(STEP_COLUMNS, STEP_REQUIRED)
_FOR_SHOW = frozenset({"started_at", "completed_at"})
_STATUSES: Mapping[object, WorkflowStatusString] = {status.value: status for status in STORED_STATUSES}
_KINDS: Mapping[object, StepKind] = {kind.value: kind for kind in StepKind if kind is not StepKind.UNKNOWN}

_ONLY_TEXT = frozenset({str})

_to_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_from_json = json.JSONDecoder().decode


def columns_of(alias: str, columns: Iterable[str]) -> str:
    """The columns of a row source in SQL."""
    return ", ".join(f"{alias}.{name}" for name in columns)


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
    """The record of a row with all of WORKFLOW_COLUMNS in their order, whatever it holds: see `unreadable` there."""
    values = dict(row)
    reasons: list[str] = []
    if unfit := _WORKFLOW.misfits(tuple(map(type, values.values()))):
        reasons = _WORKFLOW.mend(values, unfit)
    status = _STATUSES.get(values["status"])
    if status is None:
        status = WorkflowStatusString.UNKNOWN
        if "status" not in unfit:
            reasons.append(f"its status {shortened(values['status'])} is unknown to this version of dbos_typed")
    values["status"] = status
    user, roles, assumed_role = values.pop("auth_user"), values.pop("auth_roles"), values.pop("assumed_role")
    if user is None and roles is None and assumed_role is None:
        values["auth"] = ANONYMOUS
    else:
        read = None if roles is None else _roles(str(roles))
        if read is None and roles is not None and "auth_roles" not in unfit:
            reasons.append(f"its auth_roles are no JSON list of texts: {shortened(roles)}")
        values["auth"] = Auth(user=user, roles=read, assumed_role=assumed_role)  # type: ignore[arg-type]  # text columns
    if reasons:
        values["unreadable"] = "; ".join(reasons)
    return WorkflowRecord(**values)  # type: ignore[arg-type]  # columns are named after fields


@lru_cache(maxsize=256)  # an application has few combinations of roles
def _roles(text: str) -> tuple[str, ...] | None:
    """The roles that are stored as a JSON list of texts; None: the text is something else."""
    try:
        roles: object = _from_json(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(roles, list) or not _ONLY_TEXT.issuperset(map(type, cast("list[object]", roles))):
        return None
    return tuple(cast("list[str]", roles))


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
    """The record of a row with all of STEP_COLUMNS in their order, whatever it holds: see `unreadable` there.

    Its kind is UNKNOWN when any of what a replay needs cannot be read.
    """
    values = dict(row)
    reasons: list[str] = []
    if unfit := _STEP.misfits(tuple(map(type, values.values()))):
        reasons = _STEP.mend(values, unfit)
    kind = _KINDS.get(values["kind"])
    if kind is None and "kind" not in unfit:
        reasons.append(f"its kind {shortened(values['kind'])} is unknown to this version of dbos_typed")
    values["kind"] = StepKind.UNKNOWN if kind is None or not _FOR_SHOW.issuperset(unfit) else kind
    if reasons:
        values["unreadable"] = "; ".join(reasons)
    return StepRecord(**values)  # type: ignore[arg-type]  # columns are named after fields

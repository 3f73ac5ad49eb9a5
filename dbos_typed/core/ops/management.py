"""Looking at workflows and steering them. In a workflow these calls are recorded; in a step they are plain calls."""

from __future__ import annotations

from typing import TypeVar

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Commit, Operation, Query, Spawn
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.execution import take_over
from dbos_typed.core.ops.recording import recorded_operation
from dbos_typed.core.ops.recovery import resolve_run
from dbos_typed.core.ops.results import GET_STATUS, find
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.core.writes import CancelWorkflow
from dbos_typed.errors import DBOSContextError, DBOSNonExistentWorkflowError
from dbos_typed.records import FINAL, WorkflowRecord, WorkflowStatusString

T = TypeVar("T")

CANCEL = "DBOS.cancelWorkflow"
RESUME = "DBOS.resumeWorkflow"
LIST = "DBOS.listWorkflows"
LIST_QUEUED = "DBOS.listQueuedWorkflows"


def _recorded(engine: Engine, frame: Frame, name: str, annotation: object, body: Operation[T]) -> Operation[T]:
    if frame.scope is Scope.TRANSACTION:
        body.close()
        msg = f"{name} was called in a transaction, which may be rolled back. Call it from the workflow or from a step."
        raise DBOSContextError(msg)
    if frame.run is None or frame.scope is not Scope.WORKFLOW:
        return body
    plan: Plan[T] = engine.codec.plan(annotation, where=name)
    return recorded_operation(engine, frame.run, frame.run.take_numbers(), name, plan, body)


def status(engine: Engine, frame: Frame, workflow_id: str) -> Operation[WorkflowRecord | None]:
    """The workflow as it is stored now; None: there is none."""
    return _recorded(engine, frame, GET_STATUS, WorkflowRecord | None, _status(workflow_id))


async def _status(workflow_id: str) -> WorkflowRecord | None:
    record: WorkflowRecord | None = await Query(lambda reader: reader.workflow(workflow_id))
    return record


async def existing_status(engine: Engine, frame: Frame, workflow_id: str) -> WorkflowRecord:
    """The workflow as it is stored now. DBOSNonExistentWorkflowError: there is none."""
    record = await status(engine, frame, workflow_id)
    if record is None:
        raise DBOSNonExistentWorkflowError(workflow_id)
    return record


def retrieve(engine: Engine, frame: Frame, workflow_id: str, *, must_exist: bool) -> Operation[WorkflowRecord]:
    """The workflow; unknown: DBOSNonExistentWorkflowError, or wait until it exists when it need not exist yet."""
    if must_exist:
        return _recorded(engine, frame, GET_STATUS, WorkflowRecord, find(engine, workflow_id, must_exist=True))
    return find(engine, workflow_id, must_exist=False)


def list_workflows(engine: Engine, frame: Frame, condition: WorkflowFilter) -> Operation[list[WorkflowRecord]]:
    """The workflows that match, oldest first unless asked otherwise."""
    name = LIST_QUEUED if condition.queued_only else LIST
    return _recorded(engine, frame, name, list[WorkflowRecord], _list(condition))


async def _list(condition: WorkflowFilter) -> list[WorkflowRecord]:
    records: list[WorkflowRecord] = await Query(lambda reader: reader.workflows(condition))
    return records


def cancel(engine: Engine, frame: Frame, workflow_id: str) -> Operation[None]:
    """Cancel a workflow that has not ended; others are left as they are."""
    return _recorded(engine, frame, CANCEL, None, _cancel(engine, workflow_id))


async def _cancel(engine: Engine, workflow_id: str) -> None:
    await Commit(CancelWorkflow(workflow_id=workflow_id, at=engine.now_ms()))


def resume(engine: Engine, frame: Frame, workflow_id: str) -> Operation[WorkflowRecord]:
    """Run a workflow again from its last recorded step; one that has an outcome or is running is left as it is."""
    if frame.run is not None and frame.scope is Scope.WORKFLOW:
        return _resume_recorded(engine, frame, workflow_id)
    return _resume(engine, workflow_id)


async def _resume_recorded(engine: Engine, frame: Frame, workflow_id: str) -> WorkflowRecord:
    await _recorded(engine, frame, RESUME, WorkflowRecord, _resume(engine, workflow_id))
    return await retrieve(engine, frame, workflow_id, must_exist=True)


async def _resume(engine: Engine, workflow_id: str) -> WorkflowRecord:
    row = await find(engine, workflow_id, must_exist=True)
    if row.status in FINAL or row.status is WorkflowStatusString.PENDING:
        return row
    for run in await take_over(engine, [(row, resolve_run(engine, row))], is_recovery=False):
        await Spawn(run)
    return row

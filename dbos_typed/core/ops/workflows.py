"""Workflows: started, called, executed to their outcome."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from dbos_typed.codec import CallPlan
from dbos_typed.core.auth import authorize
from dbos_typed.core.context import Frame
from dbos_typed.core.effects import Commit, Execute, Operation, Query, Spawn, carried
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.execution import execute, stored_run, take_over
from dbos_typed.core.ops.recording import commit, recorded_error, refuse_in_step, replayed, step_record, stop
from dbos_typed.core.ops.recovery import refuse_unreadable
from dbos_typed.core.ops.results import GET_RESULT, outcome_value, recorded_result, wait_for_outcome
from dbos_typed.core.ops.tracing import is_traced, traced_operation
from dbos_typed.core.registry import WorkflowDefinition
from dbos_typed.core.request import RequestSource
from dbos_typed.core.run import Outcome, Run, new_run_token
from dbos_typed.core.writes import CreateWorkflow, Deduplicated, Fenced, RecordedStep, RecordStep
from dbos_typed.error import (
    DBOSConflictingWorkflowError,
    DBOSException,
    DBOSQueueDeduplicatedError,
    DBOSUnexpectedStepError,
)
from dbos_typed.records import FINAL, StepKind, StepRecord, WorkflowRecord, WorkflowStatusString

START = "DBOS.startWorkflow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A workflow that exists durably; `run` is its execution when this process has it."""

    workflow_id: str
    run: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A workflow function and the object that it is called on."""

    definition: WorkflowDefinition
    receiver: object | None
    class_name: str | None
    config_name: str | None

    @property
    def args_plan(self) -> CallPlan:
        return self.definition.free_calls if self.receiver is None else self.definition.bound_calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueued:
    """Where a workflow waits for its turn, and when it comes."""

    queue_name: str
    deduplication_id: str | None = None
    priority: int = 0
    partition_key: str | None = None
    app_version: str | None = None
    delay_seconds: float = 0

    @property
    def delay_ms(self) -> int:
        return math.ceil(self.delay_seconds * 1000)


class IdOrigin(Enum):
    """Who says which id a new workflow has, and hence which workflow of that id may be taken for it."""

    CALLER = "the application"
    """Any workflow of this function with these inputs."""
    USER = "a request"
    """One that the same user started."""
    ENGINE = "the engine"
    """One that this workflow started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """A workflow to be created: its row, and the run that executes it unless the id exists already."""

    row: WorkflowRecord
    run: Run
    origin: IdOrigin
    delay_ms: int = 0


def start_workflow(
    engine: Engine,
    frame: Frame,
    target: Target,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    enqueued: Enqueued | None = None,
) -> Operation[Started]:
    """Start a workflow in the background, or put it on a queue; resolves when it is durable."""
    refuse_in_step(frame, f"Starting workflow {target.definition.name!r}")
    caller = frame.run
    number = caller.take_numbers() if caller is not None else 0
    new = _new(engine, frame, target, args, kwargs, number)
    if enqueued is not None:
        new = replace(new, row=_queued_row(engine, new.row, enqueued), delay_ms=enqueued.delay_ms)
    return traced_operation(engine, frame, START, _start(engine, caller, number, new), number=number)


def call_workflow(
    engine: Engine, frame: Frame, target: Target, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Operation[Any]:
    """Call a workflow in the caller's thread or task and return its value; in a workflow it is a child."""
    refuse_in_step(frame, f"Calling workflow {target.definition.name!r}")
    caller = frame.run
    number = caller.take_numbers(2) if caller is not None else 0
    return _call(engine, caller, number, _new(engine, frame, target, args, kwargs, number))


def _new(
    engine: Engine, frame: Frame, target: Target, args: tuple[Any, ...], kwargs: dict[str, Any], number: int
) -> _New:
    definition = target.definition
    auth = authorize(engine.registry, definition, target.class_name, frame.auth)
    # What runs is what a recovery would read, so that both see the same values.
    inputs, (args, kwargs) = target.args_plan.replay(args, kwargs)
    now = engine.now_ms()
    parent = frame.run
    timeout_ms, deadline = _deadline(frame, now)
    trace_context = engine.tracer.position() if is_traced(engine, frame) else None
    request = None if frame.request is None else frame.request.stored
    workflow_id, origin = _take_id(engine, frame, definition, number)
    run = Run(
        workflow_id=workflow_id,
        token=new_run_token(),
        definition=definition,
        receiver=target.receiver,
        args=args,
        kwargs=kwargs,
        auth=auth,
        deadline=deadline,
        parent_workflow_id=None if parent is None else parent.workflow_id,
        trace_context=trace_context,
        request=RequestSource.of_stored(request),
        is_new=True,
    )
    row = WorkflowRecord(
        workflow_id=run.workflow_id,
        status=WorkflowStatusString.PENDING,
        name=definition.name,
        class_name=target.class_name,
        config_name=target.config_name,
        inputs=inputs,
        auth=auth,
        executor_id=engine.executor_id,
        app_version=engine.app_version,
        run_token=run.token,
        parent_workflow_id=run.parent_workflow_id,
        trace_context=trace_context,
        request=request,
        timeout_ms=timeout_ms,
        deadline=deadline,
        created_at=now,
        updated_at=now,
        started_at=now,
    )
    return _New(row=row, run=run, origin=origin)


def _take_id(engine: Engine, frame: Frame, definition: WorkflowDefinition, number: int) -> tuple[str, IdOrigin]:
    assigned = frame.assigned_id
    if assigned is not None and not assigned.is_used:
        assigned.is_used = True
        return assigned.id_for(frame.auth), IdOrigin.USER if assigned.is_of_user else IdOrigin.CALLER
    if frame.run is not None:
        return f"{frame.run.workflow_id}-{number}", IdOrigin.ENGINE
    if assigned is not None:
        engine.logger.warning(
            "Multiple workflows started in the same SetWorkflowID block. SetWorkflowID(%r) was used by the first; "
            "workflow %r gets a generated id.",
            assigned.given,
            definition.name,
        )
    return str(uuid.uuid4()), IdOrigin.ENGINE


def _deadline(frame: Frame, now: int) -> tuple[int | None, int | None]:
    """The timeout of a new workflow and the moment it ends: its own, else its parent's deadline."""
    if frame.has_timeout:
        if frame.timeout_seconds is None:
            return None, None
        timeout_ms = int(frame.timeout_seconds * 1000)
        return timeout_ms, now + timeout_ms
    return None, None if frame.run is None else frame.run.deadline


def _queued_row(engine: Engine, row: WorkflowRecord, enqueued: Enqueued) -> WorkflowRecord:
    return replace(
        row,
        status=WorkflowStatusString.ENQUEUED,
        queue_name=enqueued.queue_name,
        deduplication_id=enqueued.deduplication_id,
        priority=enqueued.priority,
        partition_key=enqueued.partition_key,
        app_version=enqueued.app_version or engine.app_version,
        queue_order=engine.next_queue_order(),
        # A timeout runs from the moment the workflow is taken from the queue; a deadline of the parent stands.
        deadline=None if row.timeout_ms is not None else row.deadline,
        started_at=None,
    )


async def _start(engine: Engine, caller: Run | None, number: int, new: _New) -> Started:
    if caller is not None:
        known = replayed(caller, number, new.row.name, StepKind.WORKFLOW)
        if known is not None:
            child_id = _started_child(engine, caller, known)
            return Started(workflow_id=child_id, run=engine.runs.get(child_id))
    existing = await _create(engine, caller, number, new)
    if existing is not None or new.row.status is WorkflowStatusString.ENQUEUED:
        return Started(workflow_id=new.row.workflow_id, run=engine.runs.get(new.row.workflow_id))
    await Spawn(new.run)
    return Started(workflow_id=new.row.workflow_id, run=new.run)


def _started_child(engine: Engine, caller: Run, known: StepRecord) -> str:
    """The id of the workflow that a recorded call started, or raise what kept it from starting one."""
    if known.error is not None:
        raise carried(recorded_error(engine, caller, known, known.error))
    if known.child_id is None:
        msg = f"step {known.number} of workflow {known.workflow_id!r} started a workflow and does not say which"
        raise RuntimeError(msg)
    return known.child_id


async def _call(engine: Engine, caller: Run | None, number: int, new: _New) -> Any:  # noqa: ANN401  # the workflow's own result type
    run, workflow_id = new.run, new.row.workflow_id
    plan = run.definition.result_plan
    known = None if caller is None else replayed(caller, number, new.row.name, StepKind.WORKFLOW)
    if known is not None and caller is not None:
        return await _replay_call(engine, caller, number, _started_child(engine, caller, known), run)
    existing = await _create(engine, caller, number, new)
    outcome: Outcome | None = None
    if existing is None:
        outcome = await _run_here(engine, caller, run)
    elif existing.status in FINAL:
        outcome = Outcome(status=existing.status, output=existing.output, error=existing.error)
    if caller is not None:
        ran = run if existing is None else None
        return await recorded_result(engine, caller, number + 1, workflow_id, ran, plan)
    if existing is None and run.error is not None:
        raise carried(run.error)
    if outcome is None:
        outcome = await wait_for_outcome(engine, None, workflow_id, engine.runs.get(workflow_id), None)
    return outcome_value(engine, workflow_id, outcome, plan)


async def _run_here(engine: Engine, caller: Run | None, run: Run) -> Outcome | None:
    """Execute a run on behalf of whoever called the workflow; `None` if somebody else continues it.

    A coroutine workflow has a task of its own, so that a caller that is cancelled does not take it along.
    """
    try:
        if run.definition.is_async:
            await Execute(run)
            # What stopped a workflow that was called stops the caller too, as in any other function.
            if run.mismatch is not None:
                raise run.mismatch
            if run.stop is not None:
                raise run.stop
            return run.outcome
        return await execute(engine, run)
    except DBOSUnexpectedStepError as mismatch:
        if caller is not None:
            # The child stays recoverable, and so must its caller: it has no outcome that could be told.
            caller.mismatch = mismatch
        raise


async def _replay_call(engine: Engine, caller: Run, number: int, child_id: str, run: Run) -> Any:  # noqa: ANN401  # the workflow's own result type
    """Answer a child call that was recorded before; when nobody runs the child any more, run it here."""
    if replayed(caller, number + 1, GET_RESULT, StepKind.OPERATION) is None and not engine.runs.is_active(child_id):
        row = await Query(lambda reader: reader.workflow(child_id))
        is_ours = row is not None and row.executor_id == engine.executor_id
        if row is not None and is_ours and row.status is WorkflowStatusString.PENDING:
            refuse_unreadable(row)
            for owned in await take_over(engine, [(row, stored_run(row, run.definition, run.receiver))]):
                await _run_here(engine, caller, owned)
    plan = run.definition.result_plan
    return await recorded_result(engine, caller, number + 1, child_id, engine.runs.get(child_id), plan)


async def _create(engine: Engine, caller: Run | None, number: int, new: _New) -> WorkflowRecord | None:
    """Insert the workflow, with the record of its start when a workflow starts it. A row: the id existed before."""
    row = new.row
    parent: RecordedStep | None = None
    if caller is not None:
        parent = step_record(engine, caller, number, row.name, StepKind.WORKFLOW, child_id=row.workflow_id)
    is_owned = False
    engine.runs.starting(row.workflow_id)
    try:
        answer = await Commit(CreateWorkflow(workflow=row, parent=parent, delay_ms=new.delay_ms))
        is_owned = answer is None and row.status is WorkflowStatusString.PENDING
    finally:
        engine.runs.started(row.workflow_id, new.run if is_owned else None)
    if answer is None:
        return None
    if isinstance(answer, Fenced):
        if caller is None:
            msg = "a write without an owner was refused as if it had one"
            raise RuntimeError(msg)
        stop(caller, answer)
    refusal: DBOSException | None
    if isinstance(answer, Deduplicated):
        existing = None
        refusal = DBOSQueueDeduplicatedError(row.workflow_id, row.queue_name or "", row.deduplication_id or "")
    else:
        existing = answer
        refusal = _foreign(new, answer) or conflict(engine, row, answer)
    if caller is not None:
        await _record_start(engine, caller, number, row, refusal)
    if refusal is not None:
        raise refusal
    return existing


async def _record_start(
    engine: Engine, caller: Run, number: int, row: WorkflowRecord, refusal: DBOSException | None
) -> None:
    """Record that a start found its id taken: by the same workflow, to which it attaches, or by another."""
    child_id = row.workflow_id if refusal is None else None
    error = None if refusal is None else engine.codec.encode_error(refusal)
    kind = StepKind.WORKFLOW
    entry = step_record(engine, caller, number, row.name, kind, child_id=child_id, error=error)
    await commit(caller, RecordStep(record=entry), row.name, kind)


def _foreign(new: _New, existing: WorkflowRecord) -> DBOSConflictingWorkflowError | None:
    """Why `existing` is somebody else's, of which nothing is told; None: it is not."""
    row = new.row
    if new.origin is IdOrigin.USER and existing.auth.user != row.auth.user:
        return DBOSConflictingWorkflowError(row.workflow_id, "it is another user's. Use another idempotency key.")
    if new.origin is IdOrigin.ENGINE and existing.parent_workflow_id != row.parent_workflow_id:
        return DBOSConflictingWorkflowError(
            row.workflow_id,
            f"it is the id of the next child of workflow {row.parent_workflow_id!r}, which did not start the workflow "
            "that has it. Give the child an id with SetWorkflowID, or delete that workflow. Nothing was started.",
        )
    return None


def conflict(engine: Engine, new: WorkflowRecord, existing: WorkflowRecord) -> DBOSConflictingWorkflowError | None:
    """Why `existing` is not what `new` was to be; None: it is."""
    if (existing.name, existing.class_name, existing.config_name) != (new.name, new.class_name, new.config_name):
        return DBOSConflictingWorkflowError(
            new.workflow_id,
            f"Workflow already exists with a different {_difference(new, existing)}: it is {_described(existing)}, and "
            f"{_described(new)} was to be started. Use another id.",
        )
    if new.queue_name not in (None, existing.queue_name):
        engine.logger.warning(
            "Workflow already exists in queue: %r is on %s and stays so; it was to be put on %r.",
            new.workflow_id,
            "no queue" if existing.queue_name is None else repr(existing.queue_name),
            new.queue_name,
        )
    if engine.codec.is_same(existing.inputs, new.inputs) or _is_same_call(engine, existing, new):
        return None
    message = (
        f"it is {_described(existing)} with other inputs. Use another id, or set on_input_conflict to 'warn' to attach "
        "to the existing workflow, whose stored inputs are those that run."
    )
    if engine.on_input_conflict == "raise":
        return DBOSConflictingWorkflowError(new.workflow_id, message)
    engine.logger.warning("The workflow id %r is taken: %s", new.workflow_id, message)
    return None


def _is_same_call(engine: Engine, existing: WorkflowRecord, new: WorkflowRecord) -> bool:
    is_known = engine.registry.has_workflow(new.name)
    return is_known and engine.calls_of(new.name, new.class_name).is_same_call(existing.inputs, new.inputs)


def _difference(new: WorkflowRecord, existing: WorkflowRecord) -> str:
    if existing.name != new.name:
        return "function name"
    return "class name" if existing.class_name != new.class_name else "config name"


def _described(row: WorkflowRecord) -> str:
    owner = f" of {row.class_name}" if row.class_name is not None else ""
    instance = f"({row.config_name!r})" if row.config_name is not None else ""
    return f"workflow {row.name!r}{owner}{instance}"

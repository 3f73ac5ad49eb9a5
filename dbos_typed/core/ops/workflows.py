"""Workflows: started, called, executed to their outcome."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from dbos_typed.codec import CallPlan
from dbos_typed.core.context import Frame
from dbos_typed.core.effects import Commit, Operation, Query, Spawn
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.execution import execute, stored_run, take_over
from dbos_typed.core.ops.recording import refuse_in_step, replayed, step_record, stop
from dbos_typed.core.ops.results import GET_RESULT, outcome_value, recorded_result, wait_for_outcome
from dbos_typed.core.registry import WorkflowDefinition
from dbos_typed.core.run import Outcome, Run, new_run_token
from dbos_typed.core.writes import CreateWorkflow, Fenced, RecordedStep
from dbos_typed.errors import DBOSConflictingWorkflowError
from dbos_typed.records import FINAL, StepKind, WorkflowRecord, WorkflowStatusString


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


def start_workflow(
    engine: Engine, frame: Frame, target: Target, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Operation[Started]:
    """Start a workflow in the background; resolves when it is durable."""
    refuse_in_step(frame, f"Starting workflow {target.definition.name!r}")
    caller = frame.run
    number = caller.take_numbers() if caller is not None else 0
    new = _new_run(engine, frame, target, args, kwargs, number)
    return _start(engine, caller, number, target, new)


def call_workflow(
    engine: Engine, frame: Frame, target: Target, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Operation[Any]:
    """Call a workflow in the caller's thread or task and return its value; in a workflow it is a child."""
    refuse_in_step(frame, f"Calling workflow {target.definition.name!r}")
    caller = frame.run
    number = caller.take_numbers(2) if caller is not None else 0
    new = _new_run(engine, frame, target, args, kwargs, number)
    return _call(engine, caller, number, target, new)


def _new_run(
    engine: Engine, frame: Frame, target: Target, args: tuple[Any, ...], kwargs: dict[str, Any], number: int
) -> tuple[Run, str]:
    """A run for a workflow to be created, and its encoded inputs."""
    inputs: str = target.args_plan.encode(args, kwargs)
    assigned = frame.assigned_id
    if assigned is not None and not assigned.is_used:
        assigned.is_used = True
        workflow_id = assigned.workflow_id
    elif frame.run is not None:
        workflow_id = f"{frame.run.workflow_id}-{number}"
    else:
        if assigned is not None:
            engine.logger.warning(
                "SetWorkflowID(%r) was used by an earlier workflow of its block; workflow %r gets a generated id.",
                assigned.workflow_id,
                target.definition.name,
            )
        workflow_id = str(uuid.uuid4())
    run = Run(
        workflow_id=workflow_id,
        token=new_run_token(),
        definition=target.definition,
        receiver=target.receiver,
        args=args,
        kwargs=kwargs,
        auth=frame.auth,
        parent_workflow_id=None if frame.run is None else frame.run.workflow_id,
    )
    return run, inputs


async def _start(engine: Engine, caller: Run | None, number: int, target: Target, new: tuple[Run, str]) -> Started:
    run, inputs = new
    if caller is not None:
        known = replayed(caller, number, target.definition.name, StepKind.WORKFLOW)
        if known is not None and known.child_id is not None:
            return Started(workflow_id=known.child_id, run=engine.runs.get(known.child_id))
    engine.runs.starting(run.workflow_id)
    owned: Run | None = None
    try:
        existing = await _create(engine, caller, number, target, run, inputs)
        owned = run if existing is None else None
    finally:
        engine.runs.started(run.workflow_id, owned)
    if owned is None:
        return Started(workflow_id=run.workflow_id, run=engine.runs.get(run.workflow_id))
    await Spawn(owned)
    return Started(workflow_id=run.workflow_id, run=owned)


async def _call(engine: Engine, caller: Run | None, number: int, target: Target, new: tuple[Run, str]) -> Any:  # noqa: ANN401  # the workflow's own result type
    run, inputs = new
    plan = target.definition.result_plan
    known = None if caller is None else replayed(caller, number, target.definition.name, StepKind.WORKFLOW)
    if known is not None and caller is not None:
        return await _replay_call(engine, caller, number, known.child_id or run.workflow_id, target)
    engine.runs.starting(run.workflow_id)
    owned: Run | None = None
    existing: WorkflowRecord | None = None
    try:
        existing = await _create(engine, caller, number, target, run, inputs)
        owned = run if existing is None else None
    finally:
        engine.runs.started(run.workflow_id, owned)
    if owned is not None:
        outcome = await execute(engine, owned)
    elif existing is not None and existing.status in FINAL:
        outcome = Outcome(status=existing.status, output=existing.output, error=existing.error)
    else:
        outcome = None
    if caller is not None:
        return await recorded_result(engine, caller, number + 1, run.workflow_id, owned, plan)
    if outcome is None:
        outcome = await wait_for_outcome(engine, None, run.workflow_id, engine.runs.get(run.workflow_id), None)
    if owned is not None and owned.error is not None:
        raise owned.error
    return outcome_value(engine, run.workflow_id, outcome, plan)


async def _replay_call(engine: Engine, caller: Run, number: int, child_id: str, target: Target) -> Any:  # noqa: ANN401  # the workflow's own result type
    """Answer a child call that was recorded before; when nobody runs the child any more, run it here."""
    if replayed(caller, number + 1, GET_RESULT, StepKind.OPERATION) is None and not engine.runs.is_active(child_id):
        row = await Query(lambda reader: reader.workflow(child_id))
        is_ours = row is not None and row.executor_id == engine.executor_id
        if row is not None and is_ours and row.status is WorkflowStatusString.PENDING:
            for run in await take_over(engine, [(row, stored_run(row, target.definition, target.receiver))]):
                await execute(engine, run)
    plan = target.definition.result_plan
    return await recorded_result(engine, caller, number + 1, child_id, engine.runs.get(child_id), plan)


async def _create(
    engine: Engine, caller: Run | None, number: int, target: Target, run: Run, inputs: str
) -> WorkflowRecord | None:
    """Insert the workflow, with the record of its start when a workflow starts it. A row: the id existed before."""
    now = engine.now_ms()
    name = target.definition.name
    parent: RecordedStep | None = None
    if caller is not None:
        parent = step_record(engine, caller, number, name, StepKind.WORKFLOW, child_id=run.workflow_id)
    workflow = WorkflowRecord(
        workflow_id=run.workflow_id,
        status=WorkflowStatusString.PENDING,
        name=name,
        class_name=target.class_name,
        config_name=target.config_name,
        inputs=inputs,
        auth=run.auth,
        executor_id=engine.executor_id,
        app_version=engine.app_version,
        run_token=run.token,
        parent_workflow_id=run.parent_workflow_id,
        created_at=now,
        updated_at=now,
        started_at=now,
    )
    answer = await Commit(CreateWorkflow(workflow=workflow, parent=parent))
    if isinstance(answer, Fenced):
        if caller is None:
            msg = "a write without an owner was refused as if it had one"
            raise RuntimeError(msg)
        stop(caller, answer)
    if answer is not None:
        check_same_workflow(engine, workflow, answer)
    return answer


def check_same_workflow(engine: Engine, new: WorkflowRecord, existing: WorkflowRecord) -> None:
    """DBOSConflictingWorkflowError unless `existing` is what `new` was to be."""
    if (existing.name, existing.class_name, existing.config_name) != (new.name, new.class_name, new.config_name):
        raise DBOSConflictingWorkflowError(
            new.workflow_id,
            f"it is {_described(existing)}, and {_described(new)} was to be started. Use another id.",
        )
    if existing.inputs != new.inputs:
        message = (
            f"it is {_described(existing)} with other inputs. Use another id, or set on_input_conflict to 'warn' to "
            "attach "
            "to the existing workflow, whose stored inputs are those that run."
        )
        if engine.on_input_conflict == "raise":
            raise DBOSConflictingWorkflowError(new.workflow_id, message)
        engine.logger.warning("The workflow id %r is taken: %s", new.workflow_id, message)


def _described(row: WorkflowRecord) -> str:
    owner = f" of {row.class_name}" if row.class_name is not None else ""
    instance = f"({row.config_name!r})" if row.config_name is not None else ""
    return f"workflow {row.name!r}{owner}{instance}"

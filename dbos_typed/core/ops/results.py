"""Outcomes of workflows: awaited, recorded, turned back into values."""

from __future__ import annotations

import math
from typing import TypeVar

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Operation, Query, WaitFor, carried
from dbos_typed.core.engine import SAFETY_POLL_SECONDS, Engine
from dbos_typed.core.names import check_id
from dbos_typed.core.ops.recording import record, recorded_error, replayed, step_record, value_of
from dbos_typed.core.ops.sleep import check_seconds
from dbos_typed.core.ops.tracing import traced_operation
from dbos_typed.core.ports import Signal
from dbos_typed.core.run import Outcome, Run
from dbos_typed.error import (
    DBOSAwaitedWorkflowCancelledError,
    DBOSAwaitedWorkflowRetriesExceededError,
    DBOSContextError,
    DBOSNonExistentWorkflowError,
)
from dbos_typed.records import ENDED, FINAL, StepKind, WorkflowRecord, WorkflowStatusString

T = TypeVar("T")

GET_RESULT = "DBOS.getResult"
GET_STATUS = "DBOS.getStatus"


def get_result(
    engine: Engine, frame: Frame, workflow_id: str, run: Run | None, plan: Plan[T], timeout_seconds: float | None
) -> Operation[T]:
    """What the workflow returned, or raise what it raised; recorded when a workflow asks.

    TimeoutError: it did not end in time. DBOSAwaitedWorkflow…Error: it ended without an outcome.
    DBOSNonExistentWorkflowError: it was deleted.
    """
    if frame.scope is Scope.TRANSACTION:
        msg = (
            "get_result was called in a transaction, which it would hold open while waiting. Call it from the workflow."
        )
        raise DBOSContextError(msg)
    if timeout_seconds is not None:
        check_seconds(timeout_seconds, "the timeout_seconds of get_result")
    if frame.run is not None and frame.scope is Scope.WORKFLOW:
        number = frame.run.take_numbers()
        operation = recorded_result(engine, frame.run, number, workflow_id, run, plan, timeout_seconds)
        return traced_operation(engine, frame, GET_RESULT, operation, number=number)
    operation = _get_result(engine, workflow_id, run, plan, timeout_seconds)
    return traced_operation(engine, frame, GET_RESULT, operation)


async def _get_result(
    engine: Engine, workflow_id: str, run: Run | None, plan: Plan[T], timeout_seconds: float | None
) -> T:
    outcome = await wait_for_outcome(engine, None, workflow_id, run, timeout_seconds)
    return outcome_value(engine, workflow_id, outcome, plan)


async def recorded_result(
    engine: Engine,
    caller: Run,
    number: int,
    workflow_id: str,
    run: Run | None,
    plan: Plan[T],
    timeout_seconds: float | None = None,
) -> T:
    """The outcome of `workflow_id`, recorded as step `number` of the calling workflow."""
    known = replayed(caller, number, GET_RESULT, StepKind.OPERATION)
    if known is None:
        started_at = engine.now_ms()
        output: str | None = None
        error: str | None = None
        try:
            outcome = await wait_for_outcome(engine, caller, workflow_id, run, timeout_seconds)
        except (TimeoutError, DBOSNonExistentWorkflowError) as nothing:
            error = engine.codec.encode_error(nothing)
        else:
            output = outcome.output
            error = _known_error(engine, caller, number, workflow_id, outcome)
            missing = _missing_outcome(workflow_id, outcome)
            if missing is not None:
                error = engine.codec.encode_error(missing)
        known = await record(
            engine,
            caller,
            number,
            GET_RESULT,
            output=output,
            error=error,
            child_id=workflow_id,
            started_at=started_at,
        )
    return value_of(engine, caller, known, plan)


def _known_error(engine: Engine, caller: Run, number: int, workflow_id: str, outcome: Outcome) -> str | None:
    """The error of a workflow as its caller records it.

    Raises DBOSUnexpectedStepError if this application wrote it and cannot read it any more.
    """
    error = outcome.error
    if error is None:
        return None
    if outcome.is_foreign:
        # Another application's exceptions are unknown here, now and on every replay.
        return engine.codec.settled_error(error)
    entry = step_record(engine, caller, number, GET_RESULT, error=error, child_id=workflow_id)
    recorded_error(engine, caller, entry.step, error)
    return error


async def wait_for_outcome(
    engine: Engine, caller: Run | None, workflow_id: str, run: Run | None, timeout_seconds: float | None
) -> Outcome:
    """Wait until the workflow has ended.

    TimeoutError: it did not in time. DBOSNonExistentWorkflowError: it was deleted.
    """
    end = None if timeout_seconds is None else engine.clock.monotonic() + timeout_seconds
    signals: list[Signal] = [("done", workflow_id)]
    if caller is not None:
        signals.append(("cancel", caller.workflow_id))
    with engine.listener.subscribe(*signals) as subscription:
        while True:
            if caller is not None:
                caller.check()
            # A run of this process tells its outcome itself; only another process's needs a look at the database.
            if run is not None and run.outcome is not None and run.outcome.status in FINAL:
                return run.outcome
            if run is None or not engine.runs.is_active(workflow_id):
                row = await Query(lambda reader: reader.workflow(workflow_id), math.inf if end is None else end)
                if row is None:
                    # Whoever has a handle of it has seen it.
                    raise DBOSNonExistentWorkflowError(workflow_id)
                if row.status in ENDED:
                    is_foreign = not engine.registry.has_workflow(row.name)
                    return Outcome(status=row.status, output=row.output, error=row.error, is_foreign=is_foreign)
            remaining = None if end is None else end - engine.clock.monotonic()
            if remaining is not None and remaining <= 0:
                msg = f"Workflow {workflow_id!r} did not end within {timeout_seconds} seconds. It goes on running."
                raise TimeoutError(msg)
            poll = SAFETY_POLL_SECONDS
            await WaitFor(subscription, poll if remaining is None else min(remaining, poll))


def outcome_value(engine: Engine, workflow_id: str, outcome: Outcome, plan: Plan[T]) -> T:
    """The value of a finished workflow, or raise its error."""
    missing = _missing_outcome(workflow_id, outcome)
    if missing is not None:
        raise missing
    if outcome.error is not None:
        raise carried(engine.codec.decode_error(outcome.error))
    return plan.decode("null" if outcome.output is None else outcome.output)


def _missing_outcome(workflow_id: str, outcome: Outcome) -> Exception | None:
    if outcome.status is WorkflowStatusString.CANCELLED:
        return DBOSAwaitedWorkflowCancelledError(workflow_id)
    if outcome.status is WorkflowStatusString.RETRIES_EXCEEDED:
        return DBOSAwaitedWorkflowRetriesExceededError(workflow_id)
    return None


async def find(engine: Engine, workflow_id: str, *, must_exist: bool) -> WorkflowRecord:
    """The row of a workflow; unknown: DBOSNonExistentWorkflowError, or wait for it when it need not exist yet."""
    check_id(workflow_id)
    with engine.listener.subscribe(("created", workflow_id), ("done", workflow_id)) as subscription:
        while True:
            row = await Query(lambda reader: reader.workflow(workflow_id), None if must_exist else math.inf)
            if row is not None:
                return row
            if must_exist:
                raise DBOSNonExistentWorkflowError(workflow_id)
            await WaitFor(subscription, SAFETY_POLL_SECONDS)

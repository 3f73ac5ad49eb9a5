"""Steps: called, tried again, recorded, replayed."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from dbos_typed.core.context import Frame, Scope, StepStatus, current, put
from dbos_typed.core.effects import Call, Operation, WaitFor, carried, uncarried
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.failures import Failures, is_told
from dbos_typed.core.ops.recording import commit, errors_in, replayed, step_record, value_of
from dbos_typed.core.ops.tracing import is_traced, traced_call
from dbos_typed.core.registry import FunctionDefinition, Invocation, StepDefinition
from dbos_typed.core.run import Run
from dbos_typed.core.writes import RecordStep
from dbos_typed.error import (
    DBOSException,
    DBOSMaxStepRetriesExceeded,
    DBOSUnexpectedStepError,
)
from dbos_typed.records import StepKind, StepRecord
from dbos_typed.telemetry import OperationKind


def call_step(engine: Engine, frame: Frame, invocation: Invocation[StepDefinition]) -> Operation[Any]:
    """Call a step: recorded in a workflow, with retries but unrecorded elsewhere."""
    run = frame.run
    if run is None or frame.scope is not Scope.WORKFLOW:
        operation = _attempts(engine, frame, None, invocation)
        return traced_call(engine, frame, invocation.definition, OperationKind.STEP, operation)
    number = run.take_numbers()
    # The digest is of the arguments as they are now: a step that is awaited later may find them changed.
    operation = _recorded(engine, frame, run, number, digest_of(engine, invocation), invocation)
    return traced_call(engine, frame, invocation.definition, OperationKind.STEP, operation, number=number)


async def _recorded(
    engine: Engine, frame: Frame, run: Run, number: int, digest: str | None, invocation: Invocation[StepDefinition]
) -> Any:  # noqa: ANN401  # the step's own result type, restored by the decorator
    definition = invocation.definition
    record = replayed(run, number, definition.name, StepKind.STEP)
    if record is not None:
        check_arguments(engine, run, record, digest)
        return value_of(engine, run, record, definition.result_plan)
    started_at = engine.now_ms()
    output: str | None = None
    error: str | None = None
    value: Any = None
    replay: BaseException | None = None
    try:
        result = await _attempts(engine, frame, number, invocation)
        output, value = definition.result_plan.replay(result)
    except BaseException as caught:
        raised = uncarried(caught)
        failure = raised if isinstance(raised, Exception) else errors_in(raised)
        if failure is None:
            raise
        error, replay = engine.codec.replay_error(failure)
    entry = step_record(
        engine,
        run,
        number,
        definition.name,
        StepKind.STEP,
        output=output,
        error=error,
        args_digest=digest,
        started_at=started_at,
    )
    adopted = await commit(run, RecordStep(record=entry), definition.name, StepKind.STEP)
    if adopted is not None:
        return value_of(engine, run, adopted, definition.result_plan)
    if replay is not None:
        raise carried(replay)
    return value


async def _attempts(engine: Engine, frame: Frame, number: int | None, invocation: Invocation[StepDefinition]) -> Any:  # noqa: ANN401  # the step's own result type
    """Call the function until it succeeds or its policy gives up; there is no wait after the last failure."""
    options = invocation.definition.options
    if not options.retries_allowed:
        status = None if number is None else StepStatus(step_id=number)
        return await _attempt(frame, status, invocation)
    name = invocation.definition.name
    failures = Failures()
    interval = options.interval_seconds
    for attempt in range(options.max_attempts):
        status = StepStatus(step_id=number or 1, current_attempt=attempt, max_attempts=options.max_attempts)
        try:
            return await _attempt(frame, status, invocation)
        except Exception as caught:
            error = uncarried(caught)
            if options.should_retry is not None and not options.should_retry(error):
                raise
            error = engine.codec.told(error)
            failures.add(error)
            told = is_told(attempt + 1)
            engine.logger.log(
                logging.WARNING if told else logging.DEBUG,
                "Step %r failed in attempt %d of %d: %r",
                name,
                attempt + 1,
                options.max_attempts,
                error,
            )
            if told and is_traced(engine, frame):
                engine.tracer.add_event("attempt failed", {"attempt": attempt + 1, "error": repr(error)})
        if attempt + 1 < options.max_attempts:
            await _pause(engine, frame, interval)
            interval *= options.backoff_rate
    kept = failures.kept
    raise DBOSMaxStepRetriesExceeded(name, options.max_attempts, kept, omitted=failures.omitted) from failures.last


async def _attempt(frame: Frame, status: StepStatus | None, invocation: Invocation[StepDefinition]) -> Any:  # noqa: ANN401  # the step's own result type
    call: Call[Any] = Call(invocation.definition.function, invocation.all_args, invocation.kwargs)
    before = current()
    if status is None and frame is before:
        return await call
    scope = Scope.OUTSIDE if frame.run is None else Scope.STEP
    put(replace(frame, scope=scope, step=status))
    try:
        return await call
    finally:
        put(before)


async def _pause(engine: Engine, frame: Frame, seconds: float) -> None:
    """Wait between attempts; cancelling the workflow ends the wait, and with it the step."""
    run = frame.run
    signals = () if run is None else (("cancel", run.workflow_id),)
    end = engine.clock.monotonic() + seconds
    with engine.listener.subscribe(*signals) as subscription:
        while True:
            if run is not None:
                run.check()
            remaining = end - engine.clock.monotonic()
            if remaining <= 0:
                return
            await WaitFor(subscription, remaining)


def digest_of(engine: Engine, invocation: Invocation[FunctionDefinition]) -> str | None:
    """A digest of the arguments, to notice on replay that they changed; None where they cannot be encoded."""
    if not invocation.args and not invocation.kwargs:
        return None
    try:
        text = invocation.plan.plain(invocation.args, invocation.kwargs)
    except (DBOSException, TypeError):
        # A step may take what cannot be stored (a connection, say): its arguments are never read back.
        return None
    return engine.codec.digest(text)


def check_arguments(engine: Engine, run: Run, record: StepRecord, digest: str | None) -> None:
    """Warn, or raise DBOSUnexpectedStepError under strict_replay, when a call is replayed with other arguments."""
    if record.args_digest is None or digest is None or engine.codec.is_same_digest(record.args_digest, digest):
        return
    if engine.strict_replay:
        error = DBOSUnexpectedStepError(
            run.workflow_id,
            record.number,
            f"{record.kind.value} {record.name!r} with other arguments (strict_replay is on)",
            record.described,
        )
        run.mismatch = error
        raise error
    engine.logger.warning(
        "Workflow %r, step %d (%s) is replayed with other arguments than recorded; the recorded result is used. "
        "Arguments that depend on time, randomness or the environment belong in steps.",
        run.workflow_id,
        record.number,
        record.name,
    )

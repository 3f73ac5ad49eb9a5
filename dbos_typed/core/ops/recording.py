"""Recording calls and answering them from their records."""

from __future__ import annotations

from typing import NoReturn, TypeVar, cast

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Commit, Operation, carried
from dbos_typed.core.engine import Engine
from dbos_typed.core.run import Run
from dbos_typed.core.writes import Fenced, RecordedStep, RecordStep, Write
from dbos_typed.error import (
    DBOSBaseException,
    DBOSContextError,
    DBOSSerializationError,
    DBOSUnexpectedStepError,
    DBOSWorkflowCancelledError,
    DBOSWorkflowConflictIDError,
)
from dbos_typed.records import StepKind, StepRecord, WorkflowStatusString

T = TypeVar("T")


STOPS = (DBOSBaseException, SystemExit, KeyboardInterrupt)
"""What ends a run and is no outcome, whatever else happened beside it."""


def errors_in(raised: BaseException) -> Exception | None:
    """The errors in a group that holds cancellations too; `None` if there are none, or if all was to stop.

    A group of tasks wraps whatever ended them, and a cancelled one is no reason to take an error for a cancellation.
    """
    if not isinstance(raised, BaseExceptionGroup):
        return None
    errors, others = cast("BaseExceptionGroup[BaseException]", raised).split(Exception)
    is_stop = others is not None and others.subgroup(STOPS) is not None
    return None if is_stop else errors


def require_workflow(frame: Frame, call: str) -> Run:
    """The running workflow, or DBOSContextError when `call` is made elsewhere."""
    if frame.run is None or frame.scope is not Scope.WORKFLOW:
        raise DBOSContextError(
            f"{call}() must be called from within a workflow; {call} was called {frame.scope.value}{_where(frame)}. "
            "Move the call into the body of a function decorated with @DBOS.workflow()."
        )
    return frame.run


def refuse_in_step(frame: Frame, call: str) -> None:
    """Raise DBOSContextError when `call` is made in a step or transaction."""
    if frame.scope in (Scope.STEP, Scope.TRANSACTION):
        raise DBOSContextError(
            f"{call} was called {frame.scope.value}{_where(frame)}; it may be called in the body of a workflow or "
            "outside workflows, because a step that runs again would do it again. Return from the step first."
        )


def _where(frame: Frame) -> str:
    if frame.run is None:
        return ""
    step = f", step {frame.step.step_id}" if frame.step is not None else ""
    return f" of workflow {frame.run.definition.name!r} ({frame.run.workflow_id!r}{step})"


def replayed(run: Run, number: int, name: str, kind: StepKind) -> StepRecord | None:
    """The record of step `number`, None when it was not reached before.

    Every recorded call begins here, so this is also where a cancelled or superseded run stops.
    DBOSUnexpectedStepError: another call was recorded under this number.
    """
    run.check()
    record = run.records.get(number)
    if record is not None:
        check_same_call(run, record, name, kind)
    return record


def check_same_call(run: Run, record: StepRecord, name: str, kind: StepKind) -> None:
    """DBOSUnexpectedStepError unless `record` is of the call `name`."""
    if record.name != name or record.kind is not kind:
        raise _mismatch(run, record, f"{kind.value} {name!r}", record.described)


def _mismatch(run: Run, record: StepRecord, expected: str, recorded: str) -> DBOSUnexpectedStepError:
    return _noted(run, DBOSUnexpectedStepError(run.workflow_id, record.number, expected, recorded))


def _noted(run: Run, error: DBOSUnexpectedStepError) -> DBOSUnexpectedStepError:
    # A workflow that catches the error must not end with an outcome that its recorded history contradicts.
    run.mismatch = error
    return error


def step_record(
    engine: Engine,
    run: Run,
    number: int,
    name: str,
    kind: StepKind = StepKind.OPERATION,
    *,
    output: str | None = None,
    error: str | None = None,
    child_id: str | None = None,
    args_digest: str | None = None,
    started_at: int | None = None,
) -> RecordedStep:
    """A record of the call `name`, owned by the run."""
    now = engine.now_ms()
    return RecordedStep(
        step=StepRecord(
            workflow_id=run.workflow_id,
            number=number,
            name=name,
            kind=kind,
            output=output,
            error=error,
            child_id=child_id,
            args_digest=args_digest,
            started_at=now if started_at is None else started_at,
            completed_at=now,
        ),
        run_token=run.token,
    )


async def commit(run: Run, write: Write[StepRecord | Fenced | None], name: str, kind: StepKind) -> StepRecord | None:
    """Make a recording write durable.

    None: recorded. A record: another run of the workflow was faster, its record counts.
    """
    answer = await Commit(write)
    return None if answer is None else adopt(run, answer, name, kind)


def adopt(run: Run, answer: StepRecord | Fenced, name: str, kind: StepKind) -> StepRecord:
    """The record that another run of the workflow made of this call, or the end of this run when it was fenced."""
    if isinstance(answer, Fenced):
        stop(run, answer)
    check_same_call(run, answer, name, kind)
    return answer


async def record(
    engine: Engine,
    run: Run,
    number: int,
    name: str,
    *,
    output: str | None = None,
    error: str | None = None,
    child_id: str | None = None,
    started_at: int | None = None,
) -> StepRecord:
    """Record an operation and answer the record that counts."""
    entry = step_record(engine, run, number, name, output=output, error=error, child_id=child_id, started_at=started_at)
    return await commit(run, RecordStep(record=entry), name, StepKind.OPERATION) or entry.step


def stop(run: Run, fenced: Fenced) -> NoReturn:
    """End a run whose write was refused."""
    if fenced.status is WorkflowStatusString.CANCELLED:
        run.is_cancelled = True
        raise DBOSWorkflowCancelledError(run.workflow_id)
    run.is_superseded = True
    raise DBOSWorkflowConflictIDError(run.workflow_id)


def given_value(engine: Engine, run: Run, record: StepRecord, plan: Plan[T]) -> T:
    """What the recorded call returned that somebody else wrote: a message, an event. It may not be what is asked for.

    Raises DBOSSerializationError then, and DBOSUnexpectedStepError if it cannot be read as anything.
    """
    if record.error is not None or record.output is None:
        return value_of(engine, run, record, plan)
    try:
        return plan.decode(record.output)
    except DBOSSerializationError as error:
        if error.unknown_class or not _is_readable(engine, record.output):
            raise unreadable(run, record, "a value", error) from error
        raise


def _is_readable(engine: Engine, text: str) -> bool:
    try:
        engine.dynamic.decode(text)
    except DBOSSerializationError:
        return False
    return True


def value_of(engine: Engine, run: Run, record: StepRecord, plan: Plan[T]) -> T:
    """What the recorded call returned, or raise what it raised.

    Raises DBOSUnexpectedStepError if the record cannot be read: the code that reads it is not the code that wrote it.
    """
    if record.error is not None:
        raise carried(recorded_error(engine, run, record, record.error))
    if record.output is None:
        return None  # type: ignore[return-value]  # a call without a result is recorded without one
    try:
        return engine.codec.decode_recorded(plan, record.output)
    except DBOSSerializationError as error:
        raise unreadable(run, record, "a result", error) from error


def recorded_error(engine: Engine, run: Run, record: StepRecord, text: str) -> Exception:
    """What the recorded call raised; DBOSUnexpectedStepError if it cannot be read."""
    try:
        return engine.codec.decode_recorded_error(text)
    except DBOSSerializationError as error:
        raise unreadable(run, record, "an error", error) from error


def unreadable(run: Run, record: StepRecord, what: str, error: Exception) -> DBOSUnexpectedStepError:
    """What ends a run whose record cannot be read, until code that reads it goes on with it."""
    name = run.definition.name
    recorded = f"{record.described} with {what} that cannot be read here ({error}) by workflow {name!r}"
    mismatch = DBOSUnexpectedStepError(run.workflow_id, record.number, record.described, recorded, is_unreadable=True)
    return _noted(run, mismatch)


async def recorded_operation(engine: Engine, run: Run, number: int, name: str, plan: Plan[T], body: Operation[T]) -> T:
    """Run `body` once: its result or error is recorded, and answered from the record from then on."""
    try:
        known = replayed(run, number, name, StepKind.OPERATION)
    except BaseException:
        # A coroutine that nobody awaits is warned of.
        body.close()
        raise
    if known is not None:
        body.close()
        return value_of(engine, run, known, plan)
    started_at = engine.now_ms()
    output: str | None = None
    error: str | None = None
    try:
        output, value = plan.replay(await body)
    except Exception as raised:  # noqa: BLE001  # whatever was raised is the outcome
        error, replay = engine.codec.replay_error(raised)
        adopted = await record(engine, run, number, name, error=error, started_at=started_at)
        if adopted.error is not error:
            return value_of(engine, run, adopted, plan)
        raise replay from replay.__cause__
    adopted = await record(engine, run, number, name, output=output, started_at=started_at)
    return value if adopted.output is output else value_of(engine, run, adopted, plan)

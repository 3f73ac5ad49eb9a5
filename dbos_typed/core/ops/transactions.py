"""Transactions: steps whose record commits together with the user's own SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dbos_typed.core.context import Frame, Scope, StepStatus, current, put
from dbos_typed.core.effects import Call, Operation, Transact, carried, uncarried
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.recording import (
    adopt,
    check_same_call,
    commit,
    replayed,
    step_record,
    value_of,
)
from dbos_typed.core.ops.steps import check_arguments, digest_of
from dbos_typed.core.ops.tracing import traced_call
from dbos_typed.core.ports import Refused, StepOwner, TransactionBody, Unconfirmed
from dbos_typed.core.registry import Invocation, TransactionDefinition
from dbos_typed.core.run import Run
from dbos_typed.core.writes import RecordedStep, RecordStep
from dbos_typed.error import DBOSContextError
from dbos_typed.records import StepKind
from dbos_typed.telemetry import OperationKind


def call_transaction(engine: Engine, frame: Frame, invocation: Invocation[TransactionDefinition]) -> Operation[Any]:
    """Call a transaction: exactly once in a workflow, a plain database transaction elsewhere.

    DBOSContextError: called from a step, whose repetition would repeat the transaction.
    """
    if frame.scope is Scope.STEP and frame.run is not None:
        msg = (
            f"Transaction {invocation.definition.name!r} was called in a step of workflow {frame.run.workflow_id!r}: "
            "the step may run again and would repeat it. Call the transaction from the workflow."
        )
        raise DBOSContextError(msg)
    run = frame.run
    if run is None or frame.scope is not Scope.WORKFLOW:
        operation = _unrecorded(frame, invocation)
        return traced_call(engine, frame, invocation.definition, OperationKind.TRANSACTION, operation)
    number = run.take_numbers()
    operation = _recorded(engine, frame, run, number, digest_of(engine, invocation), invocation)
    return traced_call(engine, frame, invocation.definition, OperationKind.TRANSACTION, operation, number=number)


async def _unrecorded(frame: Frame, invocation: Invocation[TransactionDefinition]) -> Any:  # noqa: ANN401  # the transaction's own result type
    if frame.scope is Scope.TRANSACTION:
        call: Call[Any] = Call(invocation.definition.function, invocation.all_args, invocation.kwargs)
        return await call

    def body(session: Any) -> tuple[RecordedStep | None, Any]:  # noqa: ANN401  # SQLAlchemy's Session, the result
        return None, _in_transaction(frame, None, session, invocation)

    return await Transact(TransactionBody(body), invocation.definition.options)


async def _recorded(
    engine: Engine,
    frame: Frame,
    run: Run,
    number: int,
    digest: str | None,
    invocation: Invocation[TransactionDefinition],
) -> Any:  # noqa: ANN401  # the transaction's own result type
    definition = invocation.definition
    name, kind, plan = definition.name, StepKind.TRANSACTION, definition.result_plan
    known = replayed(run, number, name, kind)
    if known is not None:
        check_arguments(engine, run, known, digest)
        return value_of(engine, run, known, plan)
    started_at = engine.now_ms()
    entry: RecordedStep | None = None

    def body(session: Any) -> tuple[RecordedStep | None, Any]:  # noqa: ANN401  # SQLAlchemy's Session, the result
        nonlocal entry
        output, value = plan.replay(_in_transaction(frame, StepStatus(step_id=number), session, invocation))
        entry = step_record(engine, run, number, name, kind, output=output, args_digest=digest, started_at=started_at)
        # A read-only transaction cannot hold its record, and has nothing that must be stored together with it.
        return (entry if has_record else None), value

    has_record = not definition.options.read_only
    owner = None if run.is_new or not has_record else StepOwner(run.workflow_id, number)
    try:
        value = await Transact(TransactionBody(body, owner, has_record), definition.options)
    except Exception as raised:  # noqa: BLE001  # whatever was raised is the outcome
        error, replay = engine.codec.replay_error(uncarried(raised))
        entry = step_record(engine, run, number, name, kind, error=error, args_digest=digest, started_at=started_at)
        adopted = await commit(run, RecordStep(record=entry), name, kind)
        if adopted is not None:
            return value_of(engine, run, adopted, plan)
        raise carried(replay) from replay.__cause__
    if isinstance(value, Refused):
        # The user's writes were rolled back: another run recorded this step, or owns the workflow now.
        return value_of(engine, run, adopt(run, value.answer, name, kind), plan)
    if isinstance(value, Unconfirmed):
        if not value.is_fresh:
            check_same_call(run, value.step, name, kind)
            check_arguments(engine, run, value.step, digest)
        copy = RecordedStep(step=value.step, run_token=run.token)
        adopted = await commit(run, RecordStep(record=copy), name, kind)
        if adopted is None and value.is_fresh:
            return value.value
        return value_of(engine, run, adopted or value.step, plan)
    if definition.options.read_only and entry is not None:
        adopted = await commit(run, RecordStep(record=entry), name, kind)
        if adopted is not None:
            return value_of(engine, run, adopted, plan)
    return value


def _in_transaction(
    frame: Frame,
    step: StepStatus | None,
    session: Any,  # noqa: ANN401  # SQLAlchemy's Session
    invocation: Invocation[TransactionDefinition],
) -> Any:  # noqa: ANN401  # the transaction's own result type
    before = current()
    put(replace(frame, scope=Scope.TRANSACTION, step=step, session=session))
    try:
        return invocation.definition.function(*invocation.all_args, **invocation.kwargs)
    finally:
        put(before)

"""Messages between workflows."""

from __future__ import annotations

import uuid
from typing import TypeVar

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Commit, Operation, WaitFor
from dbos_typed.core.engine import SAFETY_POLL_SECONDS, Engine
from dbos_typed.core.names import check_name
from dbos_typed.core.ops.recording import (
    commit,
    given_value,
    record,
    replayed,
    require_workflow,
    step_record,
    stop,
    value_of,
)
from dbos_typed.core.ops.sleep import check_seconds, deadline
from dbos_typed.core.ops.tracing import traced_operation
from dbos_typed.core.run import Run
from dbos_typed.core.writes import Fenced, NoDestination, SendMessage, TakeMessage
from dbos_typed.error import DBOSContextError, DBOSNonExistentWorkflowError
from dbos_typed.records import StepKind

T = TypeVar("T")

SEND = "DBOS.send"
RECV = "DBOS.recv"


def send(
    engine: Engine,
    frame: Frame,
    destination_id: str,
    message: T,
    topic: str | None,
    plan: Plan[T],
    idempotency_key: str | None = None,
) -> Operation[None]:
    """Append a message to a topic of a workflow; only once under an `idempotency_key`, whoever sends.

    DBOSNonExistentWorkflowError: there is no such workflow. DBOSContextError: called in a transaction.
    """
    if frame.scope is Scope.TRANSACTION:
        msg = (
            "DBOS.send was called in a transaction, which may be rolled back after the message is gone. Send from "
            "the workflow."
        )
        raise DBOSContextError(msg)
    check_name(destination_id, "the destination_id of DBOS.send")
    if topic is not None:
        check_name(topic, "the topic of DBOS.send")
    if idempotency_key is not None:
        check_name(idempotency_key, "the idempotency_key of DBOS.send")
    payload = plan.encode(message)
    if frame.run is not None and frame.scope is Scope.WORKFLOW:
        run, number = frame.run, frame.run.take_numbers()
        message_id = (
            f"{run.workflow_id}::{number}" if idempotency_key is None else _keyed(idempotency_key, destination_id)
        )
        operation = _send_recorded(engine, run, number, message_id, destination_id, payload, topic)
        return traced_operation(engine, frame, SEND, operation, number=number)
    assigned = frame.assigned_id
    key = idempotency_key or (assigned.id_for(frame.auth) if assigned is not None else None)
    message_id = str(uuid.uuid4()) if key is None else _keyed(key, destination_id)
    return traced_operation(engine, frame, SEND, _send(engine, message_id, destination_id, payload, topic))


def _keyed(key: str, destination_id: str) -> str:
    """The id of the one message that is sent to a workflow under a key, by whomever; told apart from every other id."""
    return f"key:{len(key)}:{key}:{destination_id}"


async def _send(engine: Engine, message_id: str, destination_id: str, payload: str, topic: str | None) -> None:
    write = SendMessage(
        message_id=message_id, destination_id=destination_id, topic=topic, payload=payload, at=engine.now_ms()
    )
    if isinstance(await Commit(write), NoDestination):
        raise DBOSNonExistentWorkflowError(destination_id)


async def _send_recorded(
    engine: Engine, run: Run, number: int, message_id: str, destination_id: str, payload: str, topic: str | None
) -> None:
    known = replayed(run, number, SEND, StepKind.OPERATION)
    if known is None:
        entry = step_record(engine, run, number, SEND)
        write = SendMessage(
            message_id=message_id,
            destination_id=destination_id,
            topic=topic,
            payload=payload,
            at=entry.step.completed_at,
            sender=entry,
        )
        answer = await Commit(write)
        if answer is None:
            return
        if isinstance(answer, Fenced):
            stop(run, answer)
        if isinstance(answer, NoDestination):
            error = engine.codec.encode_error(DBOSNonExistentWorkflowError(destination_id))
            known = await record(engine, run, number, SEND, error=error)
        else:
            known = answer
    value_of(engine, run, known, engine.dynamic)


def recv(engine: Engine, frame: Frame, topic: str | None, timeout_seconds: float, plan: Plan[T]) -> Operation[T | None]:
    """The oldest unread message of the topic, or None when none came in time.

    The timeout is one deadline across crashes.
    """
    run = require_workflow(frame, "DBOS.recv")
    if topic is not None:
        check_name(topic, "the topic of DBOS.recv")
    check_seconds(timeout_seconds, "the timeout_seconds of DBOS.recv")
    number = run.take_numbers(2)
    operation = _recv(engine, run, number, topic, timeout_seconds, plan)
    return traced_operation(engine, frame, RECV, operation, number=number)


async def _recv(
    engine: Engine, run: Run, number: int, topic: str | None, timeout_seconds: float, plan: Plan[T]
) -> T | None:
    known = replayed(run, number, RECV, StepKind.OPERATION)
    if known is not None:
        return given_value(engine, run, known, plan)
    end: float | None = None
    started_at = engine.now_ms()
    signals = (("message", run.workflow_id, topic or ""), ("cancel", run.workflow_id))
    with engine.listener.subscribe(*signals) as subscription:
        while True:
            run.check()
            entry = step_record(engine, run, number, RECV, started_at=started_at)
            taken = await commit(run, TakeMessage(topic=topic, record=entry), RECV, StepKind.OPERATION)
            if taken is not None:
                return given_value(engine, run, taken, plan)
            if timeout_seconds > 0 and end is None:
                wake_up = await deadline(engine, run, number + 1, timeout_seconds)
                end = engine.clock.monotonic() + wake_up - engine.clock.now()
            remaining = 0.0 if end is None else end - engine.clock.monotonic()
            if remaining <= 0:
                return value_of(engine, run, await record(engine, run, number, RECV, started_at=started_at), plan)
            await WaitFor(subscription, min(remaining, SAFETY_POLL_SECONDS))

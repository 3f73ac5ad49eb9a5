"""Events that a workflow publishes."""

from __future__ import annotations

from typing import TypeVar

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Operation, Query, WaitFor
from dbos_typed.core.engine import SAFETY_POLL_SECONDS, Engine
from dbos_typed.core.names import check_name
from dbos_typed.core.ops.recording import commit, given_value, record, replayed, require_workflow, step_record
from dbos_typed.core.ops.sleep import check_seconds, deadline
from dbos_typed.core.ops.tracing import traced_operation
from dbos_typed.core.ports import Signal
from dbos_typed.core.run import Run
from dbos_typed.core.writes import SetEvent
from dbos_typed.error import DBOSContextError
from dbos_typed.records import StepKind

T = TypeVar("T")

SET = "DBOS.setEvent"
GET = "DBOS.getEvent"


def set_event(engine: Engine, frame: Frame, key: str, value: T, plan: Plan[T]) -> Operation[None]:
    """Publish `value` under `key`; the last value wins."""
    run = require_workflow(frame, "DBOS.set_event")
    check_name(key, "the key of DBOS.set_event")
    encoded = plan.encode(value)
    number = run.take_numbers()
    return traced_operation(engine, frame, SET, _set(engine, run, number, key, encoded), number=number)


async def _set(engine: Engine, run: Run, number: int, key: str, value: str) -> None:
    if replayed(run, number, SET, StepKind.OPERATION) is None:
        entry = step_record(engine, run, number, SET)
        await commit(run, SetEvent(key=key, value=value, record=entry), SET, StepKind.OPERATION)


def get_event(
    engine: Engine, frame: Frame, workflow_id: str, key: str, timeout_seconds: float, plan: Plan[T]
) -> Operation[T | None]:
    """The latest value of the event, waiting for the first; None when none was set in time."""
    if frame.scope is Scope.TRANSACTION:
        msg = (
            "DBOS.get_event was called in a transaction, which it would hold open while waiting. Call it from the "
            "workflow."
        )
        raise DBOSContextError(msg)
    check_name(workflow_id, "the workflow_id of DBOS.get_event")
    check_name(key, "the key of DBOS.get_event")
    check_seconds(timeout_seconds, "the timeout_seconds of DBOS.get_event")
    if frame.run is not None and frame.scope is Scope.WORKFLOW:
        number = frame.run.take_numbers(2)
        operation = _get_recorded(engine, frame.run, number, workflow_id, key, timeout_seconds, plan)
        return traced_operation(engine, frame, GET, operation, number=number)
    read = _get(engine, workflow_id, key, timeout_seconds, plan)
    return traced_operation(engine, frame, GET, read)


async def _get(engine: Engine, workflow_id: str, key: str, timeout_seconds: float, plan: Plan[T]) -> T | None:
    value = await _first_value(engine, None, 0, workflow_id, key, timeout_seconds)
    return None if value is None else plan.decode(value)


async def _get_recorded(
    engine: Engine, run: Run, number: int, workflow_id: str, key: str, timeout_seconds: float, plan: Plan[T]
) -> T | None:
    known = replayed(run, number, GET, StepKind.OPERATION)
    if known is None:
        started_at = engine.now_ms()
        value = await _first_value(engine, run, number + 1, workflow_id, key, timeout_seconds)
        known = await record(engine, run, number, GET, output=value, started_at=started_at)
    return given_value(engine, run, known, plan)


async def _first_value(
    engine: Engine, run: Run | None, sleep_number: int, workflow_id: str, key: str, timeout_seconds: float
) -> str | None:
    end: float | None = None
    until = engine.clock.monotonic() + timeout_seconds if timeout_seconds > 0 else None
    signals: list[Signal] = [("event", workflow_id, key)]
    if run is not None:
        signals.append(("cancel", run.workflow_id))
    with engine.listener.subscribe(*signals) as subscription:
        while True:
            if run is not None:
                run.check()
            value = await Query(lambda reader: reader.event(workflow_id, key), until)
            if value is not None:
                return value
            if timeout_seconds > 0 and end is None:
                if run is None:
                    end = engine.clock.monotonic() + timeout_seconds
                else:
                    wake_up = await deadline(engine, run, sleep_number, timeout_seconds)
                    end = engine.clock.monotonic() + wake_up - engine.clock.now()
            remaining = 0.0 if end is None else end - engine.clock.monotonic()
            if remaining <= 0:
                return None
            await WaitFor(subscription, min(remaining, SAFETY_POLL_SECONDS))

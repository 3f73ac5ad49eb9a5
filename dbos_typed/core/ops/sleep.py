"""Durable sleep."""

from __future__ import annotations

import math

from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Operation, WaitFor
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.recording import record, replayed, require_workflow, unreadable
from dbos_typed.core.ops.tracing import traced_operation
from dbos_typed.core.run import Run
from dbos_typed.records import StepKind, StepRecord

NAME = "DBOS.sleep"


def sleep(engine: Engine, frame: Frame, seconds: float) -> Operation[None]:
    """Sleep until a recorded wake-up time, so that a recovered workflow sleeps the remainder only."""
    check_seconds(seconds, "the seconds of DBOS.sleep")
    if seconds <= 0 and frame.scope is Scope.OUTSIDE:
        return _nothing()
    run = require_workflow(frame, "DBOS.sleep")
    if seconds <= 0:
        return _nothing()
    number = run.take_numbers()
    # A recovered workflow sleeps the remainder, so even a recorded sleep is one.
    return traced_operation(engine, frame, NAME, _sleep(engine, run, number, seconds))


def check_seconds(given: object, what: str) -> None:
    """TypeError or ValueError unless `given` is a number of seconds; infinity is one."""
    if not isinstance(given, int | float) or isinstance(given, bool):
        msg = f"{what} is {given!r} of type {type(given).__name__}; give a number of seconds."
        raise TypeError(msg)
    try:
        is_number = not math.isnan(given)
    except OverflowError:
        is_number = False
    if not is_number:
        msg = f"{what} is no number that can be waited for; give a number of seconds."
        raise ValueError(msg)


async def _nothing() -> None:
    pass


async def _sleep(engine: Engine, run: Run, number: int, seconds: float) -> None:
    wake_up = await deadline(engine, run, number, seconds)
    # The wait itself goes by the monotonic clock: setting the wall clock neither shortens nor lengthens it.
    end = engine.clock.monotonic() + max(wake_up - engine.clock.now(), 0.0)
    with engine.listener.subscribe(("cancel", run.workflow_id)) as subscription:
        while (remaining := end - engine.clock.monotonic()) > 0:
            run.check()
            await WaitFor(subscription, remaining)


async def deadline(engine: Engine, run: Run, number: int, seconds: float) -> float:
    """The moment `seconds` from the first time this was asked, in seconds since the epoch; recorded as a sleep."""
    known = replayed(run, number, NAME, StepKind.OPERATION)
    if known is None:
        known = await record(engine, run, number, NAME, output=repr(engine.clock.now() + seconds))
    return _time(run, known)


def _time(run: Run, record: StepRecord) -> float:
    try:
        return float(record.output or "")
    except ValueError as error:
        raise unreadable(run, record, "a moment", error) from error

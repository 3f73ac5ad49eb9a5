"""Streams: values that a workflow appends and anybody reads in order."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import TypeVar

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Commit, Operation, Query, WaitFor
from dbos_typed.core.engine import SAFETY_POLL_SECONDS, Engine
from dbos_typed.core.names import check_name
from dbos_typed.core.ops.recording import commit, replayed, require_workflow, step_record, stop
from dbos_typed.core.run import Run
from dbos_typed.core.writes import Fenced, WriteStream
from dbos_typed.error import DBOSContextError
from dbos_typed.records import ENDED, StepKind

T = TypeVar("T")

WRITE = "DBOS.writeStream"
CLOSE = "DBOS.closeStream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Values of a stream that are there now, encoded, and whether more may come."""

    values: tuple[str, ...]
    position: int
    is_last: bool


def write_stream(engine: Engine, frame: Frame, key: str, value: T, plan: Plan[T]) -> Operation[None]:
    """Append a value: recorded in a workflow, a plain write in a step (which may append again when it runs again)."""
    check_name(key, "the key of a stream")
    return _append(engine, frame, WRITE, key, plan.encode(value))


def close_stream(engine: Engine, frame: Frame, key: str) -> Operation[None]:
    """Tell readers that no value follows."""
    check_name(key, "the key of a stream")
    return _append(engine, frame, CLOSE, key, None)


def _append(engine: Engine, frame: Frame, name: str, key: str, value: str | None) -> Operation[None]:
    if frame.scope is Scope.STEP and frame.run is not None:
        return _append_plainly(engine, frame.run, key, value)
    run = require_workflow(frame, name)
    return _append_recorded(engine, run, run.take_numbers(), name, key, value)


async def _append_plainly(engine: Engine, run: Run, key: str, value: str | None) -> None:
    write = WriteStream(
        workflow_id=run.workflow_id,
        run_token=run.token,
        key=key,
        write_id=str(uuid.uuid4()),
        value=value,
        record=None,
        at=engine.now_ms(),
    )
    answer = await Commit(write)
    if isinstance(answer, Fenced):
        stop(run, answer)


async def _append_recorded(engine: Engine, run: Run, number: int, name: str, key: str, value: str | None) -> None:
    if replayed(run, number, name, StepKind.OPERATION) is not None:
        return
    entry = step_record(engine, run, number, name)
    write = WriteStream(
        workflow_id=run.workflow_id,
        run_token=run.token,
        key=key,
        write_id=f"{run.workflow_id}::{number}",
        value=value,
        record=entry,
        at=entry.step.completed_at,
    )
    await commit(run, write, name, StepKind.OPERATION)


async def next_chunk(engine: Engine, frame: Frame, workflow_id: str, key: str, after: int) -> Chunk:
    """The values beyond a position, waiting until there is one, or the stream or its workflow has ended.

    DBOSContextError: called in a workflow, where it would see different values on recovery; a step may read.
    """
    check_name(key, "the key of a stream")
    if frame.scope in (Scope.WORKFLOW, Scope.TRANSACTION):
        msg = (
            f"DBOS.read_stream was called {frame.scope.value}, where a recovery would read other values. Read the "
            "stream in a step and return what you need."
        )
        raise DBOSContextError(msg)
    with engine.listener.subscribe(("stream", workflow_id, key), ("done", workflow_id)) as subscription:
        while True:
            # The status is read first: whatever a workflow that has ended wrote is there then.
            row = await Query(lambda reader: reader.workflow(workflow_id), math.inf)
            found = await Query(lambda reader: reader.stream(workflow_id, key, after), math.inf)
            values = tuple(value for _, value in found if value is not None)
            is_closed = any(value is None for _, value in found) or (row is not None and row.status in ENDED)
            if values or is_closed:
                return Chunk(values=values, position=found[-1][0] if found else after, is_last=is_closed)
            await WaitFor(subscription, SAFETY_POLL_SECONDS)

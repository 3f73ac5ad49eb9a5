"""What each write of a batch answers, from what the statements changed and what stood in their way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from dbos_typed.core.ports import QUEUE_SIGNAL, Signal
from dbos_typed.core.writes import (
    Beat,
    CancelWorkflow,
    ClaimWorkflow,
    CreateWorkflow,
    Deduplicated,
    DeleteEnded,
    DeleteWorkflow,
    DequeueWorkflows,
    Farewell,
    Fenced,
    FinishWorkflow,
    Heartbeat,
    NoDestination,
    RecordedStep,
    RecordStep,
    ReleaseWorkflow,
    SendMessage,
    SetEvent,
    TakeMessage,
    Write,
    WriteStream,
)
from dbos_typed.records import ExecutorRecord, StepRecord, WorkflowRecord, WorkflowStatusString

Answer = object
StepKey = tuple[str, int]

UNKNOWN: Final = object()
"""The write took no effect; a look at what is present tells why."""


@dataclass(slots=True)
class Effects:
    """What a batch changed, by the keys that the statements return."""

    created: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    finished: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    steps: set[StepKey] = field(default_factory=set[StepKey])
    streamed: set[str] = field(default_factory=set[str])
    sent: set[str] = field(default_factory=set[str])
    taken: dict[StepKey, StepRecord] = field(default_factory=dict[StepKey, StepRecord])
    cancelled: dict[str, int] = field(default_factory=dict[str, int])
    holders: dict[str, ExecutorRecord] = field(default_factory=dict[str, ExecutorRecord])
    owners: dict[str, ExecutorRecord | None] = field(default_factory=dict[str, "ExecutorRecord | None"])
    dequeued: dict[int, list[WorkflowRecord]] = field(default_factory=dict[int, list[WorkflowRecord]])
    claimed: dict[tuple[str, int], WorkflowRecord] = field(default_factory=dict[tuple[str, int], WorkflowRecord])


@dataclass(slots=True)
class Present:
    """What the database holds where a write took no effect."""

    workflows: dict[str, WorkflowRecord]
    steps: dict[StepKey, StepRecord]


def recorded_step(write: Write[Any]) -> RecordedStep | None:
    """The step that a write records, if any."""
    match write:
        case CreateWorkflow(parent=recorded) | SendMessage(sender=recorded):
            return recorded
        case WriteStream(record=recorded):
            return recorded
        case RecordStep(record=recorded) | SetEvent(record=recorded) | TakeMessage(record=recorded):
            return recorded
        case _:
            return None


def answer(write: Write[Any], effects: Effects) -> Answer:
    """The answer of a write that took effect, else UNKNOWN."""
    return _ANSWER[type(write)](write, effects)


def explain(write: Write[Any], effects: Effects, present: Present) -> Answer:
    """The answer of a write that took no effect."""
    return _EXPLAIN[type(write)](write, effects, present)


def _key(recorded: RecordedStep) -> StepKey:
    return recorded.step.workflow_id, recorded.step.number


# --- writes that took effect ------------------------------------------------------------------------------------------


def _created(write: CreateWorkflow, effects: Effects) -> Answer:
    return None if (write.workflow.workflow_id, write.workflow.run_token) in effects.created else UNKNOWN


def _finished(write: FinishWorkflow, effects: Effects) -> Answer:
    return None if (write.workflow_id, write.run_token) in effects.finished else UNKNOWN


def _cancelled(write: CancelWorkflow, effects: Effects) -> Answer:
    return True if write.workflow_id in effects.cancelled else UNKNOWN


def _claimed(write: ClaimWorkflow, effects: Effects) -> Answer:
    return effects.claimed.get((write.workflow_id, write.run_token)) or UNKNOWN


def _streamed(write: WriteStream, effects: Effects) -> Answer:
    if write.record is not None:
        return None if _key(write.record) in effects.steps else UNKNOWN
    return None if write.write_id in effects.streamed else UNKNOWN


def _done(_: DeleteWorkflow | DeleteEnded | Farewell | ReleaseWorkflow, __: Effects) -> Answer:
    return None


def _beaten(write: Heartbeat, effects: Effects) -> Answer:
    return Beat(holder=effects.holders[write.executor_id], owners=effects.owners)


def _dequeued(write: DequeueWorkflows, effects: Effects) -> Answer:
    return effects.dequeued.get(write.first_token, [])


def _sent(write: SendMessage, effects: Effects) -> Answer:
    if write.sender is None:
        return None if write.message_id in effects.sent else UNKNOWN
    return None if _key(write.sender) in effects.steps else UNKNOWN


def _recorded(write: RecordStep | SetEvent, effects: Effects) -> Answer:
    return None if _key(write.record) in effects.steps else UNKNOWN


def _taken(write: TakeMessage, effects: Effects) -> Answer:
    return effects.taken.get(_key(write.record)) or UNKNOWN


_ANSWER: dict[type, Callable[[Any, Effects], Answer]] = {
    CreateWorkflow: _created,
    FinishWorkflow: _finished,
    CancelWorkflow: _cancelled,
    ClaimWorkflow: _claimed,
    DeleteWorkflow: _done,
    DeleteEnded: _done,
    Farewell: _done,
    ReleaseWorkflow: _done,
    Heartbeat: _beaten,
    WriteStream: _streamed,
    DequeueWorkflows: _dequeued,
    SendMessage: _sent,
    RecordStep: _recorded,
    SetEvent: _recorded,
    TakeMessage: _taken,
}


# --- writes that did not ----------------------------------------------------------------------------------------------


def _existing_workflow(write: CreateWorkflow, _: Effects, present: Present) -> Answer:
    if write.parent is not None and isinstance(_fenced_or_step(write.parent, present), Fenced):
        return _fence(write.parent, present)
    row = present.workflows.get(write.workflow.workflow_id)
    if row is None:
        return Fenced(status=None) if write.workflow.deduplication_id is None else Deduplicated()
    return None if row.run_token == write.workflow.run_token else row


def _existing_outcome(write: FinishWorkflow, _: Effects, present: Present) -> Answer:
    row = present.workflows.get(write.workflow_id)
    if row is None:
        return Fenced(status=None)
    ours = (write.run_token, write.status, write.output, write.error)
    return None if (row.run_token, row.status, row.output, row.error) == ours else Fenced(status=row.status)


def _existing_claim(write: ClaimWorkflow, _: Effects, present: Present) -> Answer:
    row = present.workflows.get(write.workflow_id)
    return row if row is not None and row.run_token == write.run_token else None


def _existing_cancellation(write: CancelWorkflow, _: Effects, present: Present) -> Answer:
    row = present.workflows.get(write.workflow_id)
    return row is not None and (row.status, row.updated_at) == (WorkflowStatusString.CANCELLED, write.at)


def _existing_message(write: SendMessage, _: Effects, present: Present) -> Answer:
    if write.sender is None:
        return None if write.destination_id in present.workflows else NoDestination()
    found = _fenced_or_step(write.sender, present)
    return NoDestination() if found is None else found


def _existing_value(write: WriteStream, _: Effects, present: Present) -> Answer:
    if write.record is not None:
        return _fenced_or_step(write.record, present)
    row = present.workflows.get(write.workflow_id)
    if row is not None and row.status is WorkflowStatusString.PENDING and row.run_token == write.run_token:
        return None
    return Fenced(status=None if row is None else row.status)


def _existing_step(write: RecordStep | SetEvent | TakeMessage, _: Effects, present: Present) -> Answer:
    return _fenced_or_step(write.record, present)


_EXPLAIN: dict[type, Callable[[Any, Effects, Present], Answer]] = {
    CreateWorkflow: _existing_workflow,
    FinishWorkflow: _existing_outcome,
    CancelWorkflow: _existing_cancellation,
    ClaimWorkflow: _existing_claim,
    SendMessage: _existing_message,
    RecordStep: _existing_step,
    SetEvent: _existing_step,
    TakeMessage: _existing_step,
    WriteStream: _existing_value,
}


def _fenced_or_step(recorded: RecordedStep, present: Present) -> StepRecord | Fenced | None:
    """Fenced unless the run owns its workflow; then the record that is there, or None when nothing is recorded.

    A run that lost its workflow must not adopt the records of the next owner: it would run on, beside that one.
    """
    row = present.workflows.get(recorded.step.workflow_id)
    if row is None or row.status is not WorkflowStatusString.PENDING or row.run_token != recorded.run_token:
        return _fence(recorded, present)
    return present.steps.get(_key(recorded))


def _fence(recorded: RecordedStep, present: Present) -> Fenced:
    row = present.workflows.get(recorded.step.workflow_id)
    return Fenced(status=None if row is None else row.status)


# --- signals ----------------------------------------------------------------------------------------------------------


def signals_of(writes: Iterable[Write[Any]], effects: Effects) -> list[Signal]:
    """What the subscribers of this process must hear.

    The end of a run is not among them: the run tells it itself, once its outcome can be read.
    """
    signals: list[Signal] = []
    for write in writes:
        match write:
            case SendMessage():
                signals.append(("message", write.destination_id, write.topic or ""))
            case SetEvent():
                signals.append(("event", write.record.step.workflow_id, write.key))
            case WriteStream():
                signals.append(("stream", write.workflow_id, write.key))
            case CreateWorkflow():
                signals.append(("created", write.workflow.workflow_id))
                if write.workflow.queue_name is not None:
                    signals.append(QUEUE_SIGNAL)
            case FinishWorkflow() | ClaimWorkflow() if write.queue_name is not None:
                signals.append(QUEUE_SIGNAL)
            case ReleaseWorkflow():
                signals.append(QUEUE_SIGNAL)
            case CancelWorkflow(workflow_id=workflow_id) if workflow_id in effects.cancelled:
                signals.append(("cancel", workflow_id, str(effects.cancelled[workflow_id])))
                signals.append(("done", workflow_id))
                # It may have left room on a queue.
                signals.append(QUEUE_SIGNAL)
            case _:
                pass
    return signals

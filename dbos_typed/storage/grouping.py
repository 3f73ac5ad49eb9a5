"""Writes to the rows of the statements that make them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dbos_typed.core.ports import QUEUE_SIGNAL, Signal
from dbos_typed.core.writes import (
    CancelWorkflow,
    ClaimWorkflow,
    CreateWorkflow,
    DeleteEnded,
    DeleteWorkflow,
    DequeueWorkflows,
    Farewell,
    FinishWorkflow,
    Heartbeat,
    RecordedStep,
    RecordStep,
    ReleaseWorkflow,
    SendMessage,
    SetEvent,
    TakeMessage,
    Write,
    WriteStream,
)
from dbos_typed.storage.rows import Row, step_row, workflow_row


@dataclass(slots=True)
class Grouped:
    """The rows of a batch by statement."""

    creates: list[Row] = field(default_factory=list[Row])
    copies: list[Row] = field(default_factory=list[Row])
    deletes: list[Row] = field(default_factory=list[Row])
    expiries: list[Row] = field(default_factory=list[Row])
    finishes: list[Row] = field(default_factory=list[Row])
    steps: list[Row] = field(default_factory=list[Row])
    sends: list[Row] = field(default_factory=list[Row])
    events: list[Row] = field(default_factory=list[Row])
    takes: list[Row] = field(default_factory=list[Row])
    cancels: list[Row] = field(default_factory=list[Row])
    claims: list[Row] = field(default_factory=list[Row])
    streams: list[Row] = field(default_factory=list[Row])
    releases: list[Row] = field(default_factory=list[Row])
    heartbeats: list[Row] = field(default_factory=list[Row])
    farewells: list[Row] = field(default_factory=list[Row])
    dequeues: list[DequeueWorkflows] = field(default_factory=list[DequeueWorkflows])
    signals: list[Signal] = field(default_factory=list[Signal])
    """What other processes must hear."""

    @property
    def contested(self) -> set[tuple[str, int]]:
        """The steps that are recorded more than once: by a run and by another that lost the workflow to it."""
        if len(self.steps) < 2:  # noqa: PLR2004  # one step is contested by none
            return set()
        keys = Counter((str(row["workflow_id"]), int(str(row["number"]))) for row in self.steps)
        return {key for key, count in keys.items() if count > 1}

    def add(self, write: Write[Any], position: int) -> None:
        """Add the rows of one write; `position` is its place in the batch."""
        _ADD[type(write)](self, write, position)


def _caller(recorded: RecordedStep | None) -> Row:
    if recorded is None:
        return {"caller_id": None, "caller_token": None}
    return {"caller_id": recorded.step.workflow_id, "caller_token": recorded.run_token}


def _add_create(grouped: Grouped, write: CreateWorkflow, _: int) -> None:
    grouped.creates.append(workflow_row(write.workflow) | _caller(write.parent) | {"delay_ms": write.delay_ms})
    if write.parent is not None:
        grouped.steps.append(step_row(write.parent) | {"child_token": write.workflow.run_token})
    if write.copied is not None:
        grouped.copies.append(
            {
                "workflow_id": write.workflow.workflow_id,
                "run_token": write.workflow.run_token,
                "source_id": write.copied.source_id,
                "below": write.copied.below,
            }
        )
    if write.workflow.queue_name is not None:
        grouped.signals.append(QUEUE_SIGNAL)


def _add_step(grouped: Grouped, write: RecordStep, _: int) -> None:
    grouped.steps.append(step_row(write.record))


def _add_finish(grouped: Grouped, write: FinishWorkflow, _: int) -> None:
    grouped.finishes.append(
        {
            "workflow_id": write.workflow_id,
            "run_token": write.run_token,
            "status": write.status.value,
            "output": write.output,
            "error": write.error,
            "at": write.at,
        }
    )
    grouped.signals.append(("done", write.workflow_id))
    if write.queue_name is not None:
        grouped.signals.append(QUEUE_SIGNAL)


def _add_send(grouped: Grouped, write: SendMessage, position: int) -> None:
    row: Row = {
        "position": position,
        "message_id": write.message_id,
        "destination_id": write.destination_id,
        "topic": write.topic,
        "payload": write.payload,
        "at": write.at,
    }
    grouped.sends.append(row | _caller(write.sender))
    if write.sender is not None:
        grouped.steps.append(step_row(write.sender) | {"message_id": write.message_id})
    grouped.signals.append(("message", write.destination_id, write.topic or ""))


def _add_event(grouped: Grouped, write: SetEvent, _: int) -> None:
    step = write.record.step
    grouped.events.append(
        {
            "workflow_id": step.workflow_id,
            "number": step.number,
            "run_token": write.record.run_token,
            "key": write.key,
            "value": write.value,
            "at": step.completed_at,
        }
    )
    grouped.steps.append(step_row(write.record))
    grouped.signals.append(("event", step.workflow_id, write.key))


def _add_take(grouped: Grouped, write: TakeMessage, _: int) -> None:
    grouped.takes.append(step_row(write.record) | {"topic": write.topic})


def _add_cancel(grouped: Grouped, write: CancelWorkflow, _: int) -> None:
    grouped.cancels.append({"workflow_id": write.workflow_id, "at": write.at})


def _add_claim(grouped: Grouped, write: ClaimWorkflow, _: int) -> None:
    grouped.claims.append(
        {
            "workflow_id": write.workflow_id,
            "expected_token": write.expected_token,
            "run_token": write.run_token,
            "executor_id": write.executor_id,
            "app_version": write.app_version,
            "purpose": write.purpose.value,
            "queue_name": write.queue_name,
            "ended_executor": write.ended_executor,
            "at": write.at,
        }
    )
    if write.queue_name is not None:
        grouped.signals.append(QUEUE_SIGNAL)


def _add_release(grouped: Grouped, write: ReleaseWorkflow, _: int) -> None:
    grouped.releases.append(
        {
            "workflow_id": write.workflow_id,
            "run_token": write.run_token,
            "purpose": None if write.purpose is None else write.purpose.value,
            "at": write.at,
        }
    )
    grouped.signals.append(QUEUE_SIGNAL)


def _add_delete(grouped: Grouped, write: DeleteWorkflow, _: int) -> None:
    grouped.deletes.append({"workflow_id": write.workflow_id})


def _add_expiry(grouped: Grouped, write: DeleteEnded, _: int) -> None:
    grouped.expiries.append({"workflow_id": write.workflow_id})


def dequeue_row(write: DequeueWorkflows) -> Row:
    """The row of a dequeue."""
    return {
        "queue_name": write.queue_name,
        "partition_key": write.partition_key,
        "names": list(write.names),
        "skipped": list(write.skipped),
        "executor_id": write.executor_id,
        "app_version": write.app_version,
        "most": write.most,
        "concurrency": write.concurrency,
        "worker_concurrency": write.worker_concurrency,
        # As text: a run token is larger than what some JSON readers take for a whole number.
        "running": [str(token) for token in write.running],
        "rate_limit": write.rate_limit,
        "rate_period_ms": write.rate_period_ms,
        "first_token": write.first_token,
    }


def _add_dequeue(grouped: Grouped, write: DequeueWorkflows, _: int) -> None:
    grouped.dequeues.append(write)


def _add_stream(grouped: Grouped, write: WriteStream, _: int) -> None:
    grouped.streams.append(
        {
            "workflow_id": write.workflow_id,
            "run_token": write.run_token,
            "key": write.key,
            "write_id": write.write_id,
            "value": write.value,
            "at": write.at,
        }
    )
    if write.record is not None:
        grouped.steps.append(step_row(write.record))
    grouped.signals.append(("stream", write.workflow_id, write.key))


def _add_heartbeat(grouped: Grouped, write: Heartbeat, _: int) -> None:
    displaced, seen_at = write.displaces or (None, None)
    grouped.heartbeats.append(
        {
            "executor_id": write.executor_id,
            "app_version": write.app_version,
            "host": write.host,
            "pid": write.pid,
            "launch_id": write.launch_id,
            "lease_ms": write.lease_ms,
            "lock_name": write.lock_name,
            "displaced": displaced,
            "displaced_seen_at": seen_at,
        }
    )


def _add_farewell(grouped: Grouped, write: Farewell, _: int) -> None:
    grouped.farewells.append({"executor_id": write.executor_id, "launch_id": write.launch_id})


_ADD: dict[type, Callable[[Grouped, Any, int], None]] = {
    CreateWorkflow: _add_create,
    RecordStep: _add_step,
    FinishWorkflow: _add_finish,
    SendMessage: _add_send,
    SetEvent: _add_event,
    TakeMessage: _add_take,
    CancelWorkflow: _add_cancel,
    ClaimWorkflow: _add_claim,
    DeleteWorkflow: _add_delete,
    DeleteEnded: _add_expiry,
    DequeueWorkflows: _add_dequeue,
    ReleaseWorkflow: _add_release,
    Heartbeat: _add_heartbeat,
    WriteStream: _add_stream,
    Farewell: _add_farewell,
}

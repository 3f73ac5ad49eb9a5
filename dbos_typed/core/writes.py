"""Every write the core asks the journal for, and what each answers.

All are idempotent: a write that is tried again after its answer was lost finds its own effect and answers as if it had
just been made. A write that carries a run token takes effect only while the workflow is PENDING and owned by that
token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dbos_typed.records import ExecutorRecord, StepRecord, WorkflowRecord, WorkflowStatusString

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Write(Generic[T]):
    """A write whose answer is T."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fenced:
    """The write was refused: the run no longer owns its workflow. `status` is what the workflow is now."""

    status: WorkflowStatusString | None
    """None: the workflow was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStep:
    """A step to be recorded by the run that owns the workflow."""

    step: StepRecord
    run_token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduplicated:
    """The queue holds a workflow with this deduplication id already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedSteps:
    """Records with which a new workflow begins.

    Those of another one below a step number, and the events up to there.
    """

    source_id: str
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateWorkflow(Write[WorkflowRecord | Deduplicated | Fenced | None]):
    """Insert a workflow and, when a workflow starts it, the parent's record of the start.

    None: created. A record: the id existed already, this is its row; then, as when it is Deduplicated, nothing was
    written, because what the start is recorded as depends on the row.
    """

    workflow: WorkflowRecord
    parent: RecordedStep | None = None
    copied: CopiedSteps | None = None
    delay_ms: int = 0
    """How long it waits on its queue at least, by the database's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStep(Write[StepRecord | Fenced | None]):
    """Insert a step's record. None: recorded. A record: the number was recorded already, adopt it."""

    record: RecordedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishWorkflow(Write[Fenced | None]):
    """Store the outcome of a workflow."""

    workflow_id: str
    run_token: int
    status: WorkflowStatusString
    output: str | None
    error: str | None
    queue_name: str | None
    """The queue on which its end makes room."""
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDestination:
    """The workflow to which a message was sent does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Write[StepRecord | Fenced | NoDestination | None]):
    """Append a message to a workflow's topic. `message_id` makes it idempotent."""

    message_id: str
    destination_id: str
    topic: str | None
    payload: str
    at: int
    sender: RecordedStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage(Write[StepRecord | Fenced | None]):
    """Consume the oldest unread message of a topic and record it as the step's output, both or neither.

    None: no message is there, nothing was recorded.
    """

    topic: str | None
    record: RecordedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEvent(Write[StepRecord | Fenced | None]):
    """Set an event of the workflow and record the call."""

    key: str
    value: str
    record: RecordedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelWorkflow(Write[bool]):
    """Set a workflow that has not ended to CANCELLED. Answers whether it did."""

    workflow_id: str
    at: int


class ClaimPurpose(StrEnum):
    """Why a workflow is taken over."""

    RECOVERY = "recovery"
    """Its run died: only a PENDING one is taken, and an attempt is counted."""
    CONTINUATION = "continuation"
    """Its run was never begun, through no fault of its own: the same, and nothing is counted."""
    RESUMPTION = "resumption"
    """A user asked for it: any workflow that has no outcome is taken, and attempts and timeout start anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWorkflow(Write[WorkflowRecord | None]):
    """Take a workflow over from the run `expected_token`.

    The answer is `None` if somebody else was faster or its status changed. With `queue_name` it is put on that queue
    instead of being run by the claimer.
    """

    workflow_id: str
    expected_token: int
    run_token: int
    executor_id: str
    app_version: str
    purpose: ClaimPurpose
    queue_name: str | None = None
    ended_executor: str | None = None
    """One that does not count where it is asked whether an executor of the workflow's version lives."""
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteWorkflow(Write[None]):
    """Remove a workflow and everything recorded of it."""

    workflow_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteEnded(Write[None]):
    """Remove a workflow that has ended, and everything recorded of it.

    One that was resumed meanwhile, or is being removed by another executor, is left alone.
    """

    workflow_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DequeueWorkflows(Write[list[WorkflowRecord]]):
    """Take workflows from a queue, in order of priority and age, as far as its limits allow.

    The run tokens of what is taken are `first_token` and those that follow it, so that a repetition finds what it took.
    """

    queue_name: str
    partition_key: str | None
    names: tuple[str, ...]
    """The registered workflows; others are left for an executor that has them."""
    executor_id: str
    app_version: str
    most: int
    """How many are taken at most."""
    skipped: tuple[str, ...] = ()
    """Workflows that this executor cannot run; they are left for others."""
    concurrency: int | None
    """How many may run on all executors together."""
    worker_concurrency: int | None
    """How many this executor may run or own: also what it recovered, and what was taken and not answered."""
    running: tuple[int, ...] = ()
    """The run tokens of what this executor runs from the queue, whether it still owns it or not."""
    rate_limit: int | None
    rate_period_ms: int | None
    """How many may be started in a period, on all executors together."""
    first_token: int

    @property
    def turn(self) -> str | None:
        """What dequeues must take turns for; `None`: no limit holds.

        A limit of all executors is counted by one at a time. One of this executor is counted by one statement at a
        time: a dequeue that is repeated waits for the one whose answer was lost, which may still be at work.
        """
        if self.concurrency is not None or self.rate_limit is not None:
            return self.queue_name
        return None if self.worker_concurrency is None else f"{self.queue_name}/{self.executor_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWorkflow(Write[None]):
    """Put a workflow back on the queue from which it was taken, unless the run no longer owns it.

    It has its former place there.
    """

    workflow_id: str
    run_token: int
    purpose: ClaimPurpose | None = None
    """Why it goes on later: its start then counts for the queue's rate, and its deadline stands. `None`: it was never
    begun.
    """
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The answer of a heartbeat."""

    holder: ExecutorRecord
    """Who holds the executor id: this launch, unless another one took it."""
    owners: Mapping[str, ExecutorRecord | None]
    """The other executors, by id, that own PENDING workflows of the version.

    None: nothing is known of it. One whose record is of another version has ended, and another took its id.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat(Write[Beat]):
    """Claim an executor id, or say that its holder is alive.

    The id is claimed if nobody holds it, or the one that `displaces` shows at that look. Executors that are silent
    and own nothing are removed. The database's clock decides, so that it does not matter how the executors' clocks are
    set.
    """

    executor_id: str
    launch_id: str
    app_version: str
    host: str
    pid: int
    lease_ms: int
    lock_name: str | None
    """The lock that is held while the executor lives; None: none is."""
    displaces: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell(Write[None]):
    """Say that an executor has ended, so that others continue its work at once."""

    executor_id: str
    launch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteStream(Write[StepRecord | Fenced | None]):
    """Append a value to a stream of the workflow, or close it. `write_id` makes it idempotent.

    The record is that of the call in a workflow; a step that writes is recorded itself, and gives its own run only.
    """

    workflow_id: str
    run_token: int
    key: str
    write_id: str
    value: str | None
    """None: close the stream."""
    record: RecordedStep | None
    at: int

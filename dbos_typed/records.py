"""What crosses layers.

Enums and frozen records. Times are integer milliseconds since the Unix epoch, payloads are encoded text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WorkflowStatusString(StrEnum):
    """The states of a workflow. SUCCESS and ERROR are final.

    UNKNOWN is never stored: it stands for a text that this version of dbos_typed does not know, a newer one's perhaps.
    """

    ENQUEUED = "ENQUEUED"
    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    ERROR = "ERROR"
    CANCELLED = "CANCELLED"
    RETRIES_EXCEEDED = "RETRIES_EXCEEDED"
    UNKNOWN = "UNKNOWN"


STORED_STATUSES = frozenset(WorkflowStatusString) - {WorkflowStatusString.UNKNOWN}
FINAL = frozenset({WorkflowStatusString.SUCCESS, WorkflowStatusString.ERROR})
ENDED = FINAL | {WorkflowStatusString.CANCELLED, WorkflowStatusString.RETRIES_EXCEEDED}


class StepKind(StrEnum):
    """What a recorded call was; replay compares it beside the name.

    UNKNOWN is never stored and is the kind of no call: it stands for a record that a replay cannot answer from.
    """

    STEP = "step"
    TRANSACTION = "transaction"
    WORKFLOW = "workflow"
    OPERATION = "operation"
    UNKNOWN = "unknown"


class LockState(StrEnum):
    """What the lock that an executor holds while it lives says of it."""

    HELD = "held"
    """Its process, or its session, is there."""
    GONE = "gone"
    """Its process is not there any more."""
    LOST = "lost"
    """Its session is not there any more; its process may be."""
    OUTDATED = "outdated"
    """The server that knew of its session was started anew since, or is another one now."""
    UNKNOWN = "unknown"
    """Nothing: it holds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorRecord:
    """One executor as stored, and how long it has been silent by the database's clock.

    `launch_id` names the one launch that holds the executor id; host and process number are for people.
    """

    executor_id: str
    launch_id: str
    app_version: str
    host: str
    pid: int
    started_at: int
    seen_at: int
    lease_ms: int
    """How long after `seen_at` it counts as alive at least."""
    lock: LockState
    silent_ms: int
    is_ended: bool
    """Whether it said itself that it has ended."""

    @property
    def is_over(self) -> bool:
        """Whether its lease is over."""
        return self.silent_ms > self.lease_ms

    @property
    def look(self) -> tuple[str, int]:
        """Equal in two looks between which it gave no sign of life."""
        return self.launch_id, self.seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """Who runs a workflow."""

    user: str | None = None
    roles: tuple[str, ...] | None = None
    assumed_role: str | None = None


ANONYMOUS = Auth()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRecord:
    """One workflow as stored.

    Where a column holds what it should not, the field holds a stand-in, and `unreadable` says so: such a workflow can
    be shown and must not be run. A text is then in angle brackets, which nothing decodes; a number is None, or below
    zero where there has to be one.

    `run_token` names the one execution that owns the row: it is drawn anew by every claim, and every write of a run
    carries it, so that a run that lost its workflow cannot write any more.
    """

    workflow_id: str
    status: WorkflowStatusString
    name: str
    class_name: str | None = None
    config_name: str | None = None
    inputs: str
    """Empty where a listing did not read them."""
    output: str | None = None
    error: str | None = None
    auth: Auth = ANONYMOUS
    queue_name: str | None = None
    deduplication_id: str | None = None
    priority: int = 0
    partition_key: str | None = None
    executor_id: str | None
    app_version: str | None
    run_token: int
    recovery_attempts: int = 0
    parent_workflow_id: str | None = None
    trace_context: str | None = None
    """The trace in which it was started, as the JSON of its propagation headers."""
    request: str | None = None
    """The HTTP request in whose handler it was started, encoded."""
    timeout_ms: int | None = None
    deadline: int | None = None
    visible_at: int = 0
    queue_order: int = 0
    """Microseconds since the epoch, never the same twice in a process, so that workflows of one millisecond have an
    order.
    """
    created_at: int
    updated_at: int
    started_at: int | None = None
    unreadable: str | None = None
    """Why the stored row cannot be run here, in plain words; None: it was read as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One recorded call of a workflow; stand-ins as in WorkflowRecord."""

    workflow_id: str
    number: int
    """From 1. Below zero, and no other record's: it cannot be read."""
    name: str
    kind: StepKind
    output: str | None = None
    error: str | None = None
    child_id: str | None = None
    args_digest: str | None = None
    started_at: int
    completed_at: int
    unreadable: str | None = None
    """What of the stored row could not be read, in plain words; None: it was read as it is."""

    @property
    def described(self) -> str:
        """The call that was recorded, as errors name it."""
        if self.kind is StepKind.UNKNOWN:
            return f"a call of {self.name!r} that cannot be read here ({self.unreadable})"
        return f"{self.kind.value} {self.name!r}"

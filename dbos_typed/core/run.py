"""One execution of a workflow."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dbos_typed.core.registry import WorkflowDefinition
from dbos_typed.core.request import RequestSource
from dbos_typed.error import (
    DBOSExecutorStoppedError,
    DBOSUnexpectedStepError,
    DBOSWorkflowCancelledError,
    DBOSWorkflowConflictIDError,
)
from dbos_typed.records import ANONYMOUS, Auth, StepRecord, WorkflowStatusString

TOKEN_BITS = 62


def new_run_token() -> int:
    """A token that no other run has; fits a signed 64-bit column."""
    return secrets.randbits(TOKEN_BITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: what is stored, not live objects, so that every reader decodes its own copy."""

    status: WorkflowStatusString
    output: str | None = None
    error: str | None = None
    is_foreign: bool = False
    """Whether another application's workflow ended so, whose exceptions are unknown here."""


@dataclass(slots=True, kw_only=True, eq=False)
class Run:
    """The execution that owns a workflow: what was recorded before, the next step number, and how it ended.

    Mutable and shared by every task of the workflow; all of them count steps with the one counter.
    """

    workflow_id: str
    token: int
    definition: WorkflowDefinition
    receiver: object | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    auth: Auth = ANONYMOUS
    deadline: int | None = None
    parent_workflow_id: str | None = None
    trace_context: str | None = None
    request: RequestSource | None = None
    queue_name: str | None = None
    partition_key: str | None = None
    records: Mapping[int, StepRecord] = field(default_factory=dict[int, StepRecord])
    outcome: Outcome | None = None
    error: BaseException | None = None
    """What the body raised, with its traceback, for a caller in this process."""
    is_new: bool = False
    """Whether it is the first of its workflow, so that nothing of it can be stored anywhere."""
    is_begun: bool = False
    """Whether something executes it, or will as soon as a thread or its event loop is free."""
    is_cancelled: bool = False
    is_superseded: bool = False
    is_abandoned: bool = False
    """Whether the executor was destroyed under it, so that it makes no further call."""
    stop: BaseException | None = None
    """What stopped the run without an outcome: a cancelled task, SystemExit, KeyboardInterrupt."""
    is_traced: bool = False
    """Whether the run and its calls have spans; decided when it begins, so that a call asks nobody else."""
    mismatch: DBOSUnexpectedStepError | None = None
    """Set when the code made another call than the recorded one; such a run is left unfinished."""
    _counter: int = 0

    def take_numbers(self, count: int = 1) -> int:
        """Reserve `count` consecutive step numbers and return the first; numbers start at 1."""
        first = self._counter + 1
        self._counter += count
        return first

    def next_number(self) -> int:
        """The step number that is taken next."""
        return self._counter + 1

    def check(self) -> None:
        """Raise what ends the run, if it may make no further call; every recorded call and every wait begins with it.

        Raises DBOSWorkflowCancelledError, DBOSWorkflowConflictIDError, DBOSExecutorStoppedError, or the
        DBOSUnexpectedStepError that an earlier call raised.
        """
        if self.is_cancelled:
            raise DBOSWorkflowCancelledError(self.workflow_id)
        if self.is_superseded:
            raise DBOSWorkflowConflictIDError(self.workflow_id)
        if self.is_abandoned:
            raise DBOSExecutorStoppedError(self.workflow_id)
        if self.mismatch is not None:
            raise self.mismatch

    def done_signal(self) -> tuple[str, str]:
        return ("done", self.workflow_id)

"""Where the running code stands: in which workflow, in which step, on whose behalf."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from dbos_typed.core.request import RequestSource
from dbos_typed.core.run import Run
from dbos_typed.records import ANONYMOUS, Auth


class Scope(Enum):
    """What kind of code is running."""

    OUTSIDE = "outside any workflow"
    WORKFLOW = "in a workflow"
    STEP = "in a step"
    TRANSACTION = "in a transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStatus:
    """The running step.

    Its number (1 outside workflows), the attempt (0 for the first) and how many attempts it has (None without retries).
    """

    step_id: int
    current_attempt: int | None = None
    max_attempts: int | None = None


class AssignedId:
    """The id that SetWorkflowID gives to the next workflow started in its block."""

    __slots__ = ("given", "is_for_steps", "is_used")

    is_of_user: bool = False
    """Whether it is one user's, so that a workflow of another user is never taken for the one of this id."""

    def __init__(self, given: str, *, is_for_steps: bool = False) -> None:
        """`is_for_steps`: a step or transaction that is called outside workflows takes it too."""
        self.given = given
        self.is_for_steps = is_for_steps
        self.is_used = False

    def id_for(self, auth: Auth) -> str:
        """The id of what is started as `auth`."""
        del auth  # the same for everybody
        return self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class EnqueueOptions:
    """What SetEnqueueOptions says of the workflows that are put on queues in its block."""

    deduplication_id: str | None = None
    priority: int | None = None
    app_version: str | None = None
    partition_key: str | None = None
    delay_seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An immutable picture of the position; entering a step or a block puts a changed copy in its place.

    Tasks inherit the frame of their creator, so that gathered steps do not see each other's.
    """

    scope: Scope = Scope.OUTSIDE
    run: Run | None = None
    step: StepStatus | None = None
    session: Any = None
    auth: Auth = ANONYMOUS
    assigned_id: AssignedId | None = None
    request: RequestSource | None = None
    enqueue: EnqueueOptions | None = None
    timeout_seconds: float | None = None
    has_timeout: bool = False
    is_patient: bool = False
    """Whether a database that does not answer is waited for without end, as everywhere in a workflow."""


OUTSIDE = Frame()
PATIENT = Frame(is_patient=True)
"""Where the engine's own threads stand: they have nobody to tell, and nothing else to do than to wait."""
_frame: ContextVar[Frame] = ContextVar("dbos_typed_frame", default=OUTSIDE)


def current() -> Frame:
    """The frame of the running code."""
    return _frame.get()


class Block:
    """A stretch of code with a frame of its own: making it puts the frame in place, `leave` takes it away again.

    Blocks are not always left where they were entered. The garbage collector closes abandoned coroutines and generators
    in whatever code runs at that time, and the position of that code must stay as it is. ContextVar.reset would raise
    there.
    """

    __slots__ = ("_before", "outer")

    def __init__(self, frame: Frame) -> None:
        self._before = _frame.get()
        self.outer = _block.get()
        _frame.set(frame)
        _block.set(self)

    def leave(self) -> None:
        """Put the former frame back where the running code stands in this block, and do nothing elsewhere."""
        if self._is_around():
            _frame.set(self._before)
            _block.set(self.outer)
        # Tasks that were started in the block keep it: without this, each would keep all that were around it.
        self.outer = None
        self._before = OUTSIDE

    def _is_around(self) -> bool:
        block = _block.get()
        while block is not None and block is not self:
            block = block.outer
        return block is self


_block: ContextVar[Block | None] = ContextVar("dbos_typed_block", default=None)


@contextmanager
def entered(frame: Frame) -> Generator[None]:
    """Run a block in `frame`."""
    block = Block(frame)
    try:
        yield
    finally:
        block.leave()


@contextmanager
def changed(**changes: Any) -> Generator[None]:  # noqa: ANN401  # the fields of Frame, each with its own type
    """Run a block in a copy of the current frame with `changes`."""
    with entered(replace(_frame.get(), **changes)):
        yield


def put(frame: Frame) -> None:
    """Replace the current frame for the rest of the running context."""
    _frame.set(frame)

"""The one global slot: the runtime of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from dbos_typed.core import context
from dbos_typed.core.context import Frame
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.health import Health
from dbos_typed.core.run import Run
from dbos_typed.error import DBOSExecutorStoppedError, DBOSInitializationError

T = TypeVar("T")


class Backend(Protocol):
    """What the API needs of a runtime. A protocol, so that importing the API does not import the database drivers."""

    @property
    def engine(self) -> Engine: ...

    def frame(self) -> Frame:
        """The position of the caller, as far as this runtime is concerned."""
        ...

    def run(self, operation: Operation[T]) -> T: ...

    async def run_async(self, operation: Operation[T]) -> T: ...


class LaunchedRuntime(Backend, Protocol):
    """A runtime that runs workflows."""

    def start(self) -> None: ...

    def health(self) -> Health:
        """How this executor is now, told without asking the database."""
        ...

    def recover(self, executor_ids: Sequence[str]) -> list[Run]:
        """Continue the workflows of these executors; one whose run is not begun was put back on its queue."""
        ...

    def use_loop(self, loop: asyncio.AbstractEventLoop, *, is_chosen: bool) -> None:
        """Run coroutine workflows that no coroutine starts on this loop while it turns.

        Unless the application has chosen it, a loop that was given before and runs is kept.
        """
        ...

    def deactivate(self) -> None:
        """Take nothing more from queues and schedules. Idempotent."""
        ...

    def close(self, timeout_seconds: float) -> None: ...


REMEDY_IN_CHILD = (
    "Launch DBOS in this process too: DBOS.launch() where it begins (gunicorn: the hook post_fork; Celery: the signal "
    "worker_process_init; multiprocessing: the first line of the target), or at its first call by the configuration "
    "relaunch_after_fork. A process that is started by the method 'spawn' has nothing of its parent."
)
"""What is to be done in a child that was forked from a process in which DBOS was launched."""


def refusal(what: str, remedy: str) -> DBOSInitializationError:
    """What a call in such a child is told."""
    return DBOSInitializationError(
        f"{what} in the process from which this one was forked. Its threads and connections are the parent's and "
        f"cannot be used here. {remedy}"
    )


class _Slot:
    runtime: LaunchedRuntime | None = None
    is_configured: bool = False
    is_forked: bool = False
    """Whether this process was forked from one in which DBOS was launched, and is not launched itself."""
    relaunch: Callable[[], None] | None = None
    """Launches in a child at its first call; None: the call is refused."""


_slot = _Slot()


def get() -> LaunchedRuntime:
    """The launched runtime.

    Raises DBOSInitializationError, which says what call is missing, and in a workflow that outlived its runtime
    DBOSExecutorStoppedError.
    """
    if _slot.runtime is None and _slot.is_forked:
        if _slot.relaunch is None:
            raise refusal("DBOS was launched", REMEDY_IN_CHILD)
        _slot.relaunch()
    if _slot.runtime is None:
        run = context.current().run
        if run is not None:
            raise DBOSExecutorStoppedError(run.workflow_id)
        missing = "DBOS.launch()" if _slot.is_configured else "DBOS(config=…) and then DBOS.launch()"
        msg = f"The runtime is not running: call {missing} first."
        raise DBOSInitializationError(msg)
    return _slot.runtime


def find() -> LaunchedRuntime | None:
    """The launched runtime, if there is one."""
    return _slot.runtime


def put(runtime: LaunchedRuntime | None) -> None:
    """Fill or empty the slot."""
    _slot.runtime = runtime
    _slot.is_forked = False


def forked(relaunch: Callable[[], None] | None) -> None:
    """Empty the slot in a process that was forked; `relaunch` launches at the first call, None: it is refused."""
    _slot.is_forked = _slot.is_forked or _slot.runtime is not None
    _slot.runtime = None
    _slot.relaunch = relaunch


def is_forked() -> bool:
    """Whether this process was forked from one in which DBOS was launched, and is not launched itself."""
    return _slot.is_forked


def configured(*, is_configured: bool) -> None:
    """Remember whether DBOS(config=…) was called, for the message of `get`."""
    _slot.is_configured = is_configured

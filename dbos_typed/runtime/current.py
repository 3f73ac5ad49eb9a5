"""The one global slot: the runtime of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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


class _Slot:
    runtime: LaunchedRuntime | None = None
    is_configured: bool = False


_slot = _Slot()


def get() -> LaunchedRuntime:
    """The launched runtime.

    Raises DBOSInitializationError, which says what call is missing, and in a workflow that outlived its runtime
    DBOSExecutorStoppedError.
    """
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


def configured(*, is_configured: bool) -> None:
    """Remember whether DBOS(config=…) was called, for the message of `get`."""
    _slot.is_configured = is_configured

"""Runs workflows in the background: synchronous ones on threads, coroutines on event loops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.execution import execute
from dbos_typed.core.ports import OWNERSHIP_SIGNAL, RUN_ENDED
from dbos_typed.core.run import Outcome, Run
from dbos_typed.error import DBOSBaseException, DBOSException
from dbos_typed.runtime.loops import Loops, running_loop
from dbos_typed.runtime.pool import WorkerPool

CANCEL_SECONDS = 1.0
"""How long a cancelled coroutine workflow may take to end."""


class Executor:
    """Executes runs in the background until it is closed."""

    def __init__(
        self,
        *,
        engine: Engine,
        pool: WorkerPool,
        run: Callable[[Operation[Outcome | None]], Outcome | None],
        run_async: Callable[[Operation[Outcome | None]], Coroutine[Any, Any, Outcome | None]],
        logger: logging.Logger,
    ) -> None:
        self._engine = engine
        self._pool = pool
        self._run = run
        self._run_async = run_async
        self._logger = logger
        self.loops = Loops(self._begin, logger)
        self._tasks: dict[asyncio.Task[None], Run] = {}
        self._tasks_lock = threading.Lock()
        self._still: set[asyncio.Task[None]] = set()
        """Those whose loop did not run when it was looked last."""
        self._is_closed = False

    def spawn(self, run: Run, loop: asyncio.AbstractEventLoop | None) -> None:
        """Execute `run`; a coroutine workflow on `loop` when that is the running one, else where `Loops` says."""
        if self._is_closed:
            self._release(run)
            return
        run.is_begun = True
        try:
            if not run.definition.is_async:
                self._pool.submit(lambda: self._execute(run))
            elif loop is not None:
                self._begin(run, loop)
            else:
                self.loops.spawn(run)
        except BaseException:
            # No thread could be started, say. It is PENDING, and the ownership watch begins it anew.
            self._release(run)
            raise

    async def execute(self, run: Run, loop: asyncio.AbstractEventLoop) -> None:
        """Execute a coroutine workflow on the running loop and wait until its run has ended.

        When the waiting task is cancelled, the run goes on.
        """
        if not self._is_closed:
            # Not asyncio.shield, which takes two more turns of the loop.
            ended = loop.create_future()
            self._begin(run, loop, ended)
            await ended

    def release_stopped_loops(self) -> None:
        """Give up the runs whose event loop was closed or stopped under them, so that they are begun anew elsewhere.

        A loop is taken for stopped if it runs neither now nor when this was called last: between two calls of
        `run_until_complete` it stands still for a moment. Those that wait for a loop which does not turn are begun
        elsewhere now.
        """
        self.loops.hurry()
        with self._tasks_lock:
            still = {task for task in self._tasks if not task.get_loop().is_running()}
        stopped = {task for task in still if task.get_loop().is_closed() or task in self._still}
        self._still = still - stopped
        for task in stopped:
            self._forget(task)

    def close(self, timeout_seconds: float) -> None:
        """Stop: workflows that do not end in time are abandoned, PENDING, to be recovered at the next launch.

        Until then they may start others, which run too.
        """
        end = time.monotonic() + timeout_seconds
        here = running_loop()
        if timeout_seconds > 0:
            with self.loops.held():
                self._drain(end, here)
        self._is_closed = True
        for run in self._engine.runs.all():
            run.is_abandoned = True
        # Whoever waits for something looks up, and finds that it is abandoned.
        self._engine.listener.publish_all(is_end=True)
        self._pool.close(max(end - time.monotonic(), 0.0))
        with self._tasks_lock:
            tasks = list(self._tasks)
        # Tasks of the loop that this call blocks cannot end before it returns.
        others = [(task, _ended(task)) for task in tasks if task.get_loop() is not here]
        for task in tasks:
            _cancel(task)
        cancelled_by = time.monotonic() + CANCEL_SECONDS
        for _, ended in others:
            ended.wait(max(cancelled_by - time.monotonic(), 0.0))
        self.loops.close()

    def _drain(self, end: float, here: asyncio.AbstractEventLoop | None) -> None:
        """Block until no run is left that can end while this call blocks."""
        with self._engine.listener.subscribe(RUN_ENDED) as subscription:
            while (remaining := end - time.monotonic()) > 0:
                with self._tasks_lock:
                    blocked = {run.workflow_id for task, run in self._tasks.items() if task.get_loop() is here}
                if all(run.workflow_id in blocked or not run.is_begun for run in self._engine.runs.all()):
                    return
                subscription.wait(remaining)

    def _execute(self, run: Run) -> None:
        try:
            self._run(execute(self._engine, run))
        except Exception as error:  # noqa: BLE001  # nobody above would hear of it
            self._report(run, error)
        except DBOSBaseException:
            self._logger.debug("Workflow %r stopped.", run.workflow_id)
        except BaseException as stop:  # noqa: BLE001  # SystemExit, say: it must not end a thread of the pool
            self._report_stop(run, stop)

    def _begin(self, run: Run, loop: asyncio.AbstractEventLoop, ended: asyncio.Future[None] | None = None) -> None:
        """Execute the run in a task of its own on this loop; who waits for its end gives a future."""
        task = loop.create_task(self._execute_async(run), name=f"dbos-workflow-{run.workflow_id}")
        with self._tasks_lock:
            self._tasks[task] = run

        def end(task: asyncio.Task[None]) -> None:
            self._forget(task)
            if ended is None or ended.done():
                return
            if task.cancelled():
                ended.cancel()
            else:
                ended.set_result(None)

        task.add_done_callback(end)

    def _forget(self, task: asyncio.Task[None]) -> None:
        with self._tasks_lock:
            run = self._tasks.pop(task, None)
        if run is not None:
            # A task that is cancelled before its first step does not execute anything that would say so.
            # A second time it changes nothing.
            self._release(run)

    def _release(self, run: Run) -> None:
        """Let go of a run that is not executed any more."""
        if self._engine.runs.ended(run):
            self._engine.listener.publish([run.done_signal(), RUN_ENDED, OWNERSHIP_SIGNAL])

    async def _execute_async(self, run: Run) -> None:
        try:
            await self._run_async(execute(self._engine, run))
        except Exception as error:  # noqa: BLE001  # nobody above would hear of it
            self._report(run, error)
        except DBOSBaseException:
            self._logger.debug("Workflow %r stopped.", run.workflow_id)
        except GeneratorExit:
            # The task is thrown away with its event loop.
            raise
        except asyncio.CancelledError:
            if not self._is_closed:
                self._logger.info(
                    "The task of workflow %r was cancelled, as when its event loop ends; the workflow is continued in "
                    "the background.",
                    run.workflow_id,
                )
            raise
        except BaseException as stop:  # noqa: BLE001  # SystemExit, say: it must not end the loop of the other workflows
            self._report_stop(run, stop)

    def _report_stop(self, run: Run, stop: BaseException) -> None:
        self._logger.warning(
            "Workflow %r was stopped by %r; it stays PENDING and is begun again from its last recorded call.",
            run.workflow_id,
            stop,
        )

    def _report(self, run: Run, error: Exception) -> None:
        if isinstance(error, DBOSException):
            self._logger.error("Workflow %r stopped without an outcome: %s", run.workflow_id, error)
        else:
            self._logger.error("Workflow %r stopped without an outcome.", run.workflow_id, exc_info=error)


def _ended(task: asyncio.Task[None]) -> threading.Event:
    """An event that is set when the task has ended, or never will because its loop was closed."""
    ended = threading.Event()
    try:
        task.get_loop().call_soon_threadsafe(lambda: task.add_done_callback(lambda _: ended.set()))
    except RuntimeError:
        ended.set()
    return ended


def _cancel(task: asyncio.Task[None]) -> None:
    """Cancel a task from any thread."""
    # A closed loop has no running tasks.
    with contextlib.suppress(RuntimeError):
        task.get_loop().call_soon_threadsafe(task.cancel)

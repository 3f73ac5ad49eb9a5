"""The event loops of coroutine workflows that no coroutine started: the application's, and the engine's own."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias

from dbos_typed.core.run import Run

Begin: TypeAlias = Callable[[Run, asyncio.AbstractEventLoop], None]

LONGEST_WAIT_SECONDS = 1.0
"""How long a workflow waits for the application's loop to turn, before it runs on the engine's own."""


class LoopThread:
    """An event loop on a thread of its own. Begun when needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name="dbos-loop", daemon=True)
                self._thread.start()
            return self._loop

    def close(self) -> None:
        """Stop the loop; its tasks were cancelled before. Idempotent."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run the loop until it is stopped, and end the threads that it began."""
    loop.run_forever()
    # A thread of a cancelled task may still be reading: the database must not be closed under it.
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


class Loops:
    """Chooses where a coroutine workflow is begun: on the application's loop while that turns, else on the own one.

    A loop that is blocked, stopped or closed keeps no workflow from beginning.
    """

    def __init__(self, begin: Begin, logger: logging.Logger) -> None:
        """`begin(run, loop)` executes a run; it is called on the loop."""
        self._begin = begin
        self._logger = logger
        self._own = LoopThread()
        self._application: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._waiting: dict[Run, float] = {}
        """The runs that the application's loop is to begin, and since when."""
        self._holders = 0

    def use(self, loop: asyncio.AbstractEventLoop, *, is_chosen: bool) -> None:
        """Take this loop for the application's. Unless it `is_chosen` by the application, one that runs is kept."""
        with self._lock:
            if is_chosen or self._application is None or not self._application.is_running():
                self._application = loop

    def spawn(self, run: Run) -> None:
        """Have a run begun, from any thread."""
        loop = self._application
        if loop is None or not loop.is_running() or self._holders:
            self._spawn_on_own(run)
            return
        with self._lock:
            self._waiting[run] = time.monotonic()
        try:
            loop.call_soon_threadsafe(self._begin_waiting, run, loop)
        except RuntimeError:
            # It was closed just now.
            self.hurry(0.0)

    def hurry(self, longest_wait_seconds: float = LONGEST_WAIT_SECONDS) -> None:
        """Begin on the own loop what has waited for longer for the application's to turn."""
        now = time.monotonic()
        with self._lock:
            late = [run for run, since in self._waiting.items() if now - since >= longest_wait_seconds]
            for run in late:
                del self._waiting[run]
        if late and longest_wait_seconds > 0:
            told = "The application's event loop has not turned for %.0f s; %d workflows are begun on the engine's own."
            self._logger.warning(told, longest_wait_seconds, len(late))
        for run in late:
            self._spawn_on_own(run)

    @contextmanager
    def held(self) -> Generator[None]:
        """A block in which this thread waits, and with it the application's loop if it is the loop's thread."""
        if self._application is None or running_loop() is not self._application:
            yield
            return
        with self._lock:
            self._holders += 1
        try:
            self.hurry(0.0)
            yield
        finally:
            with self._lock:
                self._holders -= 1

    def close(self) -> None:
        """Begin nothing more, and stop the own loop. Idempotent."""
        with self._lock:
            self._waiting.clear()
        self._own.close()

    def _spawn_on_own(self, run: Run) -> None:
        own = self._own.loop()
        own.call_soon_threadsafe(self._begin, run, own)

    def _begin_waiting(self, run: Run, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            is_waiting = self._waiting.pop(run, None) is not None
        if is_waiting:
            self._begin(run, loop)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs on this thread, if there is one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None

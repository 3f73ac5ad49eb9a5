"""Who waits for a write of the journal: a thread, or a task."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from dbos_typed.core.writes import Write
from dbos_typed.storage.answers import Answer


class ThreadWaiter:
    """A thread that waits for its write."""

    __slots__ = ("answer", "error", "is_settled", "is_withdrawn", "lock", "since", "write")

    def __init__(self, write: Write[Any]) -> None:
        self.write = write
        self.answer: Any = None
        self.error: BaseException | None = None
        self.is_settled = False
        self.is_withdrawn = False
        """Whether nobody waits any more, so that what was not begun need not be written."""
        self.since = time.monotonic()
        # A bare lock is the cheapest thing that a thread can wait for.
        self.lock = threading.Lock()
        self.lock.acquire()

    def settle(self, answer: Answer, error: BaseException | None) -> None:
        self.answer, self.error = answer, error
        self.is_settled = True
        self.lock.release()


class TaskWaiter:
    """A task that waits for its write."""

    __slots__ = ("future", "is_withdrawn", "loop", "since", "write")

    def __init__(self, write: Write[Any], loop: asyncio.AbstractEventLoop) -> None:
        self.write = write
        self.loop = loop
        self.is_withdrawn = False
        self.since = time.monotonic()
        self.future: asyncio.Future[Any] = loop.create_future()

    @property
    def is_settled(self) -> bool:
        return self.future.done()

    def settle(self, answer: Answer, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(answer)


Waiter = ThreadWaiter | TaskWaiter
Settled = tuple[Waiter, Answer, BaseException | None]
TaskSettled = tuple[TaskWaiter, Answer, BaseException | None]


def settle(settled: Sequence[Settled]) -> None:
    """Wake the waiters; those of one event loop with one call into it."""
    loops: dict[asyncio.AbstractEventLoop, list[TaskSettled]] = {}
    for waiter, answer, error in settled:
        if isinstance(waiter, TaskWaiter):
            loops.setdefault(waiter.loop, []).append((waiter, answer, error))
        else:
            waiter.settle(answer, error)
    for loop, group in loops.items():
        try:
            loop.call_soon_threadsafe(_settle_all, group)
        except RuntimeError:
            # The loop was closed, and every task that could wait with it.
            continue


def _settle_all(group: Sequence[TaskSettled]) -> None:
    for waiter, answer, error in group:
        waiter.settle(answer, error)


class Deadlines:
    """Ends the waiting of tasks whose patience is over.

    A timer for each write would cost more than the rest of its way through the journal, and nearly none is ever due.
    So the tasks of one event loop that have the same patience share a timer, set for the one that has waited longest.
    """

    def __init__(self, give_up: Callable[[TaskWaiter], None]) -> None:
        self._give_up = give_up
        self._waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[float, _SharedTimer]] = WeakKeyDictionary()

    async def answer(self, waiter: TaskWaiter, patience_seconds: float) -> Any:  # noqa: ANN401  # the write's answer
        """What the waiter is told, at the latest when its patience is over; called on its event loop."""
        timers = self._waiting.setdefault(waiter.loop, {})
        waiting = timers.get(patience_seconds)
        if waiting is None:
            waiting = timers[patience_seconds] = _SharedTimer(patience_seconds, self._give_up)
        waiting.add(waiter)
        try:
            return await waiter.future
        finally:
            waiting.drop_settled()


class _SharedTimer:
    """The waiters of one event loop, the oldest first."""

    def __init__(self, patience_seconds: float, give_up: Callable[[TaskWaiter], None]) -> None:
        self._patience_seconds = patience_seconds
        self._give_up = give_up
        self._waiters: deque[TaskWaiter] = deque()
        self._is_timed = False

    def add(self, waiter: TaskWaiter) -> None:
        self._waiters.append(waiter)
        if not self._is_timed:
            self._set_timer(waiter)

    def drop_settled(self) -> None:
        while self._waiters and self._waiters[0].is_settled:
            self._waiters.popleft()

    def _set_timer(self, oldest: TaskWaiter) -> None:
        self._is_timed = True
        oldest.loop.call_later(oldest.since + self._patience_seconds - time.monotonic(), self._end_overdue)

    def _end_overdue(self) -> None:
        self._is_timed = False
        while self._waiters and self._waiters[0].since + self._patience_seconds <= time.monotonic():
            self._give_up(self._waiters[0])
            self.drop_settled()
        if self._waiters:
            self._set_timer(self._waiters[0])

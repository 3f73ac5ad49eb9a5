"""The group-commit journal: every write of the engine goes through it.

A lane writes one batch at a time, in one transaction; while it commits, the next batch gathers. There is no timer and
no
window: an idle system commits at once, a busy one in batches. A caller that finds a lane idle writes on its own thread,
which saves the hand-over; otherwise the lane's thread takes everything that has gathered. A database that takes several
writers at a time has a second lane, so that what comes while the first one commits need not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dbos_typed.core.ports import Signal
from dbos_typed.core.writes import Write
from dbos_typed.error import DBOSException
from dbos_typed.storage.answers import Answer
from dbos_typed.storage.dialect import WriterConnection
from dbos_typed.storage.lane import Lane

T = TypeVar("T")

MAX_BATCH = 1000


class JournalClosedError(DBOSException):
    """A write came after the runtime was destroyed."""

    def __init__(self) -> None:
        super().__init__("The runtime was destroyed; nothing more is written. Launch it again with DBOS.launch().")


class _Waiter:
    """A thread that waits for its write."""

    __slots__ = ("answer", "error", "lock", "write")

    def __init__(self, write: Write[Any]) -> None:
        self.write = write
        self.answer: Any = None
        self.error: BaseException | None = None
        # A bare lock is the cheapest thing that a thread can wait for.
        self.lock = threading.Lock()
        self.lock.acquire()

    def settle(self, answer: Answer, error: BaseException | None) -> None:
        self.answer, self.error = answer, error
        self.lock.release()


class _AsyncWaiter:
    """A task that waits for its write."""

    __slots__ = ("future", "loop", "write")

    def __init__(self, write: Write[Any], loop: asyncio.AbstractEventLoop) -> None:
        self.write = write
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()

    def settle(self, answer: Answer, error: BaseException | None) -> None:
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(answer)


_Settled = tuple[_AsyncWaiter, Answer, BaseException | None]


class GroupCommitJournal:
    """Writes for one database. Thread-safe."""

    def __init__(
        self, *, lanes: Sequence[Lane], publish: Callable[[list[Signal]], None], logger: logging.Logger
    ) -> None:
        self._lanes = lanes
        self._publish = publish
        self._logger = logger
        self._queue: deque[_Waiter | _AsyncWaiter] = deque()
        self._wake = threading.Condition(threading.Lock())
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"dbos-journal-{number}", daemon=True)
            for number, lane in enumerate(lanes)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def exclusive(self) -> threading.Lock:
        """Held while a batch is written.

        Hold it to keep other writers of this process out of a single-writer database.
        """
        return self._lanes[0].busy

    def with_connection(self, use: Callable[[WriterConnection], T]) -> T | None:
        """Use a journal's connection between batches; None when a batch is being written."""
        return self._lanes[0].with_connection(use)

    def write(self, write: Write[T]) -> T:
        """Block until the write is durable and answer it."""
        lane = None if self._queue else self._idle_lane()
        if lane is not None:
            try:
                if self._is_closed:
                    raise JournalClosedError
                answers, signals = lane.apply([write])
            finally:
                lane.busy.release()
                if self._queue:
                    self._notify()
            self._publish(signals)
            answer: T = answers[0]  # type: ignore[assignment]  # the answer of a Write[T] is a T
            return answer
        waiter = _Waiter(write)
        self._enqueue(waiter)
        waiter.lock.acquire()
        if waiter.error is not None:
            raise waiter.error
        result: T = waiter.answer
        return result

    def _idle_lane(self) -> Lane | None:
        """A lane that is not writing, now held by the caller."""
        for lane in self._lanes:
            if lane.busy.acquire(blocking=False):
                return lane
        return None

    def write_all(self, writes: Sequence[Write[T]]) -> list[T]:
        """Block until all are durable; the answers in their order. The first error among them is raised."""
        waiters = [_Waiter(write) for write in writes]
        with self._wake:
            if self._is_closed:
                raise JournalClosedError
            self._queue.extend(waiters)
            self._wake.notify()
        for waiter in waiters:
            waiter.lock.acquire()
        error = next((waiter.error for waiter in waiters if waiter.error is not None), None)
        if error is not None:
            raise error
        return [waiter.answer for waiter in waiters]

    async def write_async(self, write: Write[T]) -> T:
        """Wait until the write is durable, holding no thread, and answer it."""
        waiter = _AsyncWaiter(write, asyncio.get_running_loop())
        self._enqueue(waiter)
        answer: T = await waiter.future
        return answer

    def hurry(self, seconds: float) -> None:
        """Wait for a lost database for at most `seconds` more; for closing, which must not hang on it."""
        for lane in self._lanes:
            lane.hurry(seconds)

    def close(self) -> None:
        """Write what has gathered, then refuse further writes. Idempotent."""
        with self._wake:
            self._is_closed = True
            self._wake.notify_all()
        for lane in self._lanes:
            lane.give_up()
        for thread in self._threads:
            thread.join()
        for lane in self._lanes:
            lane.close()

    def _enqueue(self, waiter: _Waiter | _AsyncWaiter) -> None:
        with self._wake:
            if self._is_closed:
                raise JournalClosedError
            self._queue.append(waiter)
            self._wake.notify()

    def _notify(self) -> None:
        with self._wake:
            self._wake.notify()

    def _run(self, own: Lane) -> None:
        """The thread of a lane; it writes on any that is idle, and waits for its own when none is."""
        while True:
            with self._wake:
                while not self._queue and not self._is_closed:
                    self._wake.wait()
                if not self._queue:
                    return
            lane = self._idle_lane()
            if lane is None:
                lane = own
                lane.busy.acquire()
            try:
                batch = self._take()
                if batch:
                    self._write_batch(lane, batch)
            finally:
                lane.busy.release()

    def _take(self) -> list[_Waiter | _AsyncWaiter]:
        with self._wake:
            queue = self._queue
            return [queue.popleft() for _ in range(min(len(queue), MAX_BATCH))]

    def _write_batch(self, lane: Lane, batch: list[_Waiter | _AsyncWaiter]) -> None:
        try:
            answers, signals = lane.apply([waiter.write for waiter in batch])
        except Exception as error:  # noqa: BLE001  # every waiter must be settled whatever happens
            if len(batch) == 1 or lane.is_disconnect(error):
                self._settle([(waiter, None, error) for waiter in batch])
                return
            # One row spoils the whole statement: written one by one, only the culprit fails.
            for waiter in batch:
                self._write_batch(lane, [waiter])
            return
        self._settle([(waiter, answer, None) for waiter, answer in zip(batch, answers, strict=True)])
        self._publish(signals)

    def _settle(self, settled: list[tuple[_Waiter | _AsyncWaiter, Answer, BaseException | None]]) -> None:
        """Wake the waiters; those of one event loop with one call into it."""
        loops: dict[asyncio.AbstractEventLoop, list[_Settled]] = {}
        for waiter, answer, error in settled:
            if isinstance(waiter, _AsyncWaiter):
                loops.setdefault(waiter.loop, []).append((waiter, answer, error))
            else:
                waiter.settle(answer, error)
        for loop, group in loops.items():
            try:
                loop.call_soon_threadsafe(_settle_all, group)
            except RuntimeError:
                # The loop was closed, and every task that could wait with it.
                self._logger.debug("An event loop was closed before its writes were answered.")


def _settle_all(group: list[_Settled]) -> None:
    for waiter, answer, error in group:
        waiter.settle(answer, error)

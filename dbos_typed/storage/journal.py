"""The group-commit journal: every write of the engine goes through it.

A lane writes one batch at a time, in one transaction; while it commits, the next batch gathers. There is no timer, so
an idle system commits at once, and a busy one in batches. A caller that finds a lane idle writes on its own thread,
which saves the hand-over; otherwise the lane's thread takes everything that has gathered. A database that takes several
writers at a time has a second lane, so that what comes while the first one commits need not wait for it.

While the database does not answer, what was to be written waits in the queue, and the lanes' threads try again for all.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.core.ports import JournalClosedError, Signal
from dbos_typed.core.writes import Write
from dbos_typed.storage.answers import Answer
from dbos_typed.storage.availability import Gate
from dbos_typed.storage.dialect import WriterConnection
from dbos_typed.storage.lane import Lane
from dbos_typed.storage.waiters import Deadlines, TaskWaiter, ThreadWaiter, Waiter, settle

T = TypeVar("T")

MAX_BATCH = 1000
LONGEST_PAUSE_SECONDS = 1.0
"""How long a lane's thread waits without asking whether the journal was closed."""


class GroupCommitJournal:
    """Writes for one database. Thread-safe."""

    def __init__(
        self,
        *,
        lanes: Sequence[Lane],
        gate: Gate,
        publish: Callable[[list[Signal]], None],
        logger: logging.Logger,
    ) -> None:
        """`gate` paces the lanes while the database does not answer."""
        self._lanes = lanes
        self._gate = gate
        self._publish = publish
        self._logger = logger
        self._queue: deque[Waiter] = deque()
        self._wake = threading.Condition(threading.Lock())
        self._is_closed = False
        self._last_try = math.inf
        self._deadlines = Deadlines(self._withdraw)
        self._most = MAX_BATCH
        """How many writes are put into one batch: fewer after a failure, because a small batch needs a shorter calm."""
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"dbos-journal-{number}", daemon=True)
            for number, lane in enumerate(lanes)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def threads(self) -> Sequence[threading.Thread]:
        """Those of the lanes."""
        return self._threads

    @property
    def exclusive(self) -> threading.Lock:
        """Held while a batch is written.

        Hold it to keep other writers of this process out of a single-writer database.
        """
        return self._lanes[0].busy

    @property
    def oldest_unanswered_seconds(self) -> float | None:
        """For how long the oldest write that is not answered has waited; `None` if there is none."""
        with self._wake:
            waiting = [self._queue[0].since] if self._queue else []
        since = [lane.writing_since for lane in self._lanes] + waiting
        oldest = min((each for each in since if each is not None), default=None)
        return None if oldest is None else time.monotonic() - oldest

    def with_connection(self, use: Callable[[WriterConnection], T]) -> T | None:
        """Use a journal's connection between batches; None when a batch is being written."""
        return self._lanes[0].with_connection(use)

    def write(self, write: Write[T], patience_seconds: float | None = None) -> T:
        """Block until the write is durable and answer it.

        Raises DatabaseFault if the database does not answer for `patience_seconds` (`None`: wait for ever), and
        JournalClosedError after `close`.
        """
        lane = None if self._queue or self._gate.is_shut else self._idle_lane()
        if lane is not None:
            lane.writing_since = time.monotonic()
            try:
                answers, signals = self._apply(lane, [write])
            except DatabaseFault as fault:
                # The lanes' threads go on.
                self._gate.failed(fault)
            else:
                self._publish(signals)
                answer: T = answers[0]  # type: ignore[assignment]  # the answer of a Write[T] is a T
                return answer
            finally:
                lane.writing_since = None
                lane.busy.release()
                if self._queue:
                    self._notify()
        waiter = ThreadWaiter(write)
        self._enqueue([waiter])
        result: T = self._answer(waiter, patience_seconds)
        return result

    def write_all(self, writes: Sequence[Write[T]], patience_seconds: float | None = None) -> list[T]:
        """Block until all are durable; the answers in their order. The first error among them is raised."""
        waiters = [ThreadWaiter(write) for write in writes]
        self._enqueue(waiters)
        end = None if patience_seconds is None else time.monotonic() + patience_seconds
        answers: list[T] = []
        failure: BaseException | None = None
        for waiter in waiters:
            try:
                answers.append(self._answer(waiter, None if end is None else max(end - time.monotonic(), 0)))
            except (Exception, DatabaseFault) as error:  # noqa: BLE001  # all of them are waited for
                failure = failure or error
        if failure is not None:
            raise failure
        return answers

    async def write_async(self, write: Write[T], patience_seconds: float | None = None) -> T:
        """Wait until the write is durable, holding no thread, and answer it; see `write`."""
        waiter = TaskWaiter(write, asyncio.get_running_loop())
        self._enqueue([waiter])
        answer: T
        if patience_seconds is None:
            answer = await waiter.future
        else:
            answer = await self._deadlines.answer(waiter, patience_seconds)
        return answer

    def hurry(self, seconds: float) -> None:
        """Wait for a lost database for at most `seconds` more; for closing, which must not hang on it."""
        self._last_try = min(self._last_try, time.monotonic() + seconds)

    def close(self) -> None:
        """Write what has gathered, then refuse further writes. Idempotent."""
        # A database that does not answer now is not waited for.
        self.hurry(0)
        with self._wake:
            self._is_closed = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()
        for lane in self._lanes:
            lane.close()

    def _apply(self, lane: Lane, writes: Sequence[Write[Any]]) -> tuple[list[Answer], list[Signal]]:
        if self._is_closed:
            raise JournalClosedError
        applied = lane.apply(writes)
        self._gate.passed()
        return applied

    def _idle_lane(self) -> Lane | None:
        """A lane that is not writing, now held by the caller."""
        for lane in self._lanes:
            if lane.busy.acquire(blocking=False):
                return lane
        return None

    def _enqueue(self, waiters: Sequence[Waiter]) -> None:
        with self._wake:
            if self._is_closed:
                raise JournalClosedError
            self._queue.extend(waiters)
            self._wake.notify()

    def _answer(self, waiter: ThreadWaiter, patience_seconds: float | None) -> Any:  # noqa: ANN401  # the write's answer
        if not waiter.lock.acquire(timeout=-1 if patience_seconds is None else patience_seconds):
            waiter.is_withdrawn = True
            raise self._unanswered()
        if waiter.error is not None:
            raise waiter.error
        return waiter.answer

    def _withdraw(self, waiter: TaskWaiter) -> None:
        waiter.is_withdrawn = True
        waiter.settle(None, self._unanswered())

    def _unanswered(self) -> DatabaseFault:
        fault = self._gate.last_fault
        return fault or DatabaseFault(TimeoutError("the write was not answered in time"), FaultKind.BUSY)

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
            batch = self._take()
            fault: DatabaseFault | None = None
            try:
                if batch:
                    fault = self._write_batch(lane, batch)
            except BaseException:  # whatever went wrong, the others' writes must be made
                self._logger.exception("A batch of writes was interrupted; what is left of it is written again.")
                self._put_back([waiter for waiter in batch if not waiter.is_settled])
            finally:
                lane.busy.release()
            if fault is not None:
                self._wait_for_database(fault)

    def _take(self) -> list[Waiter]:
        with self._wake:
            queue = self._queue
            taken = [queue.popleft() for _ in range(min(len(queue), self._most))]
        return [waiter for waiter in taken if not waiter.is_withdrawn]

    def _write_batch(self, lane: Lane, batch: list[Waiter]) -> DatabaseFault | None:
        """Write a batch and settle it. A fault: what was not written stands at the head of the queue again."""
        lane.writing_since = batch[0].since
        unwritten, fault = self._attempt(lane, batch)
        lane.writing_since = None
        self._most = max(len(batch) // 2, 1) if unwritten else min(self._most * 2, MAX_BATCH)
        self._put_back(unwritten)
        return fault

    def _put_back(self, waiters: Sequence[Waiter]) -> None:
        """Let the writes be the next that are made."""
        with self._wake:
            self._queue.extendleft(reversed(waiters))

    def _attempt(self, lane: Lane, batch: list[Waiter]) -> tuple[list[Waiter], DatabaseFault | None]:
        """Settle what is written or refused; what is left, and why."""
        try:
            answers, signals = lane.apply([waiter.write for waiter in batch])
        except DatabaseFault as fault:
            # Perhaps one of them only waits for a lock: the others need not wait for it.
            is_alone = fault.kind is FaultKind.UNAVAILABLE or len(batch) == 1
            return (batch, fault) if is_alone else self._attempt_each(lane, batch)
        except Exception as error:  # noqa: BLE001  # every waiter must be settled whatever happens
            if len(batch) > 1:
                # One row spoils the whole statement: written one by one, only the culprit fails.
                return self._attempt_each(lane, batch)
            settle([(waiter, None, error) for waiter in batch])
        else:
            self._gate.passed()
            settle([(waiter, answer, None) for waiter, answer in zip(batch, answers, strict=True)])
            self._publish(signals)
        return [], None

    def _attempt_each(self, lane: Lane, batch: list[Waiter]) -> tuple[list[Waiter], DatabaseFault | None]:
        left: list[Waiter] = []
        last: DatabaseFault | None = None
        for waiter in batch:
            # When the database is lost on the way, the rest need not find out one by one.
            if last is not None and last.kind is FaultKind.UNAVAILABLE:
                left.append(waiter)
                continue
            unwritten, fault = self._attempt(lane, [waiter])
            left += unwritten
            last = fault or last
        return left, last

    def _wait_for_database(self, fault: DatabaseFault) -> None:
        self._gate.failed(fault)
        is_given_up = time.monotonic() > self._last_try
        if not is_given_up:
            self._gate.wait(min(LONGEST_PAUSE_SECONDS, self._last_try - time.monotonic()))
            return
        with self._wake:
            self._is_closed = True
            left = list(self._queue)
            self._queue.clear()
        settle([(waiter, None, JournalClosedError()) for waiter in left])

"""The threads that run synchronous workflows."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager

Job = Callable[[], None]

IDLE_SECONDS = 30.0


class WorkerPool:
    """At most `size` threads that are at work at one time; threads that merely wait for a workflow are not counted.

    So parents that wait for their children cannot use up the threads that the children need.
    """

    def __init__(self, size: int, logger: logging.Logger) -> None:
        self._size = size
        self._logger = logger
        self._lock = threading.Condition(threading.Lock())
        self._jobs: deque[Job] = deque()
        self._at_work = 0
        self._idle = 0
        self._granted = 0
        self._count = 0
        self._is_closed = False
        self._local = threading.local()

    def submit(self, job: Job) -> None:
        """Run `job` on a thread as soon as one is free. Jobs submitted after close are dropped."""
        with self._lock:
            if self._is_closed:
                return
            self._jobs.append(job)
            self._serve()

    @contextmanager
    def blocked(self) -> Generator[None]:
        """While the calling thread waits here, another one may work in its place."""
        if not getattr(self._local, "is_worker", False):
            yield
            return
        with self._lock:
            self._at_work -= 1
            self._serve()
        try:
            yield
        finally:
            with self._lock:
                self._at_work += 1

    def close(self, timeout_seconds: float) -> bool:
        """Take no more jobs, drop those not begun, and wait for the threads at work.

        Answers whether all ended in time.
        """
        with self._lock:
            self._is_closed = True
            self._jobs.clear()
            self._lock.notify_all()
            return self._lock.wait_for(lambda: self._count == 0, timeout_seconds)

    def _serve(self) -> None:
        """See that a thread takes the next job, if one more may work. Holding the lock."""
        if not self._jobs or self._at_work >= self._size:
            return
        if self._idle > 0:
            # The place at work is granted here and not taken on waking up, so that the next job sees that it is gone.
            self._idle -= 1
            self._at_work += 1
            self._granted += 1
            self._lock.notify()
            return
        self._count += 1
        self._at_work += 1
        name = f"dbos-worker-{self._count}"
        # Each job enters a context of its own; the submitter's must not leak into a thread that outlives it.
        threading.Thread(target=contextvars.Context().run, args=(self._work,), name=name, daemon=True).start()

    def _work(self) -> None:
        self._local.is_worker = True
        while (job := self._next_job()) is not None:
            try:
                contextvars.Context().run(job)
            except Exception:
                self._logger.exception("A background job failed.")

    def _next_job(self) -> Job | None:
        """The next job for the calling thread; None: end."""
        with self._lock:
            # A thread that comes back from a wait may be one too many: then it rests although there is work.
            while not self._jobs or self._at_work > self._size:
                self._at_work -= 1
                self._idle += 1
                self._lock.wait_for(lambda: self._granted > 0 or self._is_closed, IDLE_SECONDS)
                if self._granted == 0:
                    self._idle -= 1
                    self._count -= 1
                    self._lock.notify_all()
                    return None
                self._granted -= 1
            return self._jobs.popleft()

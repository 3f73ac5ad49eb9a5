"""Deadlines: one thread cancels workflows when their time is over."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable

from dbos_typed.clock import Clock


class DeadlineTimers:
    """Calls `cancel(workflow id)` at deadlines. A workflow that has ended by then is not affected by it."""

    def __init__(self, *, cancel: Callable[[str], None], clock: Clock, logger: logging.Logger) -> None:
        self._cancel = cancel
        self._clock = clock
        self._logger = logger
        self._wake = threading.Condition()
        self._deadlines: list[tuple[int, str]] = []
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    def cancel_at(self, workflow_id: str, deadline: int) -> None:
        """Cancel the workflow at `deadline`, in milliseconds since the epoch."""
        with self._wake:
            if self._is_stopped:
                return
            heapq.heappush(self._deadlines, (deadline, workflow_id))
            if self._thread is None:
                # Most applications have no timeouts, and no thread for them.
                self._thread = threading.Thread(target=self._run, name="dbos-timers", daemon=True)
                self._thread.start()
            self._wake.notify()

    def stop(self) -> None:
        """Forget all deadlines. Idempotent."""
        with self._wake:
            self._is_stopped = True
            self._deadlines.clear()
            self._wake.notify()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while (workflow_id := self._next()) is not None:
            try:
                self._cancel(workflow_id)
            except Exception:
                self._logger.exception("Workflow %r was not cancelled at its deadline.", workflow_id)

    def _next(self) -> str | None:
        with self._wake:
            while not self._is_stopped:
                if not self._deadlines:
                    self._wake.wait()
                    continue
                deadline, workflow_id = self._deadlines[0]
                remaining = deadline / 1000 - self._clock.now()
                if remaining <= 0:
                    heapq.heappop(self._deadlines)
                    return workflow_id
                self._wake.wait(min(remaining, threading.TIMEOUT_MAX))
            return None

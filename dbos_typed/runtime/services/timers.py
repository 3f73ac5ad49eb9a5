"""Deadlines: one thread cancels workflows when their time is over."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from dbos_typed.clock import Clock
from dbos_typed.runtime.services.supervision import ServiceThread

SPARE_ENTRIES = 64
"""So many entries of forgotten deadlines are kept at least, before the heap is made anew without them."""


class DeadlineTimers:
    """Calls `cancel(workflow ids)` at deadlines, for all that are due together.

    Each workflow has one deadline, the last that was given; a workflow that has ended by then is not affected by it.
    """

    name = "dbos-timers"

    def __init__(self, *, cancel: Callable[[Sequence[str]], None], clock: Clock, logger: logging.Logger) -> None:
        self._cancel = cancel
        self._clock = clock
        self._wake = threading.Condition()
        self._deadlines: dict[str, int] = {}
        # Ordered by time. An entry that the mapping contradicts was forgotten, and is passed over.
        self._heap: list[tuple[int, str]] = []
        self.thread = ServiceThread(self, logger)

    def cancel_at(self, workflow_id: str, deadline: int) -> None:
        """Cancel the workflow at `deadline`, in milliseconds since the epoch."""
        with self._wake:
            self._deadlines[workflow_id] = deadline
            heapq.heappush(self._heap, (deadline, workflow_id))
            self._compact()
            if self._heap[0] == (deadline, workflow_id):
                self._wake.notify()
        # Most applications have no timeouts, and no thread for them.
        self.thread.start()

    def forget(self, workflow_id: str) -> None:
        """Keep no deadline for the workflow any more."""
        with self._wake:
            if self._deadlines.pop(workflow_id, None) is not None:
                self._compact()

    def run(self, stop: threading.Event) -> None:
        while due := self._take_due(stop):
            try:
                self._cancel(list(due))
            except BaseException:
                # They are due at once when this begins again.
                self._put_back(due)
                raise
            self._settle(due)

    def wake(self) -> None:
        with self._wake:
            self._wake.notify()

    def _take_due(self, stop: threading.Event) -> Mapping[str, int]:
        """Wait for deadlines that are over; none: stop."""
        with self._wake:
            while not stop.is_set():
                self._drop_forgotten()
                now = self._clock.now() * 1000
                due: dict[str, int] = {}
                while self._heap and self._heap[0][0] <= now:
                    deadline, workflow_id = heapq.heappop(self._heap)
                    due[workflow_id] = deadline
                    self._drop_forgotten()
                if due:
                    return due
                remaining = (self._heap[0][0] - now) / 1000 if self._heap else threading.TIMEOUT_MAX
                self._wake.wait(min(remaining, threading.TIMEOUT_MAX))
            return {}

    def _put_back(self, due: Mapping[str, int]) -> None:
        with self._wake:
            for workflow_id, deadline in due.items():
                heapq.heappush(self._heap, (deadline, workflow_id))

    def _settle(self, due: Mapping[str, int]) -> None:
        with self._wake:
            for workflow_id, deadline in due.items():
                # Unless another one was given meanwhile.
                if self._deadlines.get(workflow_id) == deadline:
                    del self._deadlines[workflow_id]
            self._compact()

    def _drop_forgotten(self) -> None:
        while self._heap and self._deadlines.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)

    def _compact(self) -> None:
        """Keep the heap no larger than a multiple of what is in it; each entry pays once for being left out."""
        if len(self._heap) > 2 * len(self._deadlines) + SPARE_ENTRIES:
            self._heap = [(deadline, workflow_id) for workflow_id, deadline in self._deadlines.items()]
            heapq.heapify(self._heap)

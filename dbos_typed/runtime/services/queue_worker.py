"""Takes workflows from queues when something was put on one, and at the queues' polling interval."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dbos_typed.core.ops.queues import Dequeued
from dbos_typed.core.ports import QUEUE_SIGNAL, Listener
from dbos_typed.core.registry import Registry

IDLE_SECONDS = 5.0
"""How long to wait while no queue is registered."""


class QueueWorker:
    """Works on all queues of this process."""

    name = "dbos-queues"

    def __init__(self, *, registry: Registry, listener: Listener, dequeue: Callable[[bool], Dequeued]) -> None:
        """`dequeue` is told whether probably nothing waits, because no signal came."""
        self._registry = registry
        self._listener = listener
        self._dequeue = dequeue

    def run(self, stop: threading.Event) -> None:
        with self._listener.subscribe(QUEUE_SIGNAL) as subscription:
            is_idle = False
            while not stop.is_set():
                is_more = self._dequeue(is_idle).is_more
                is_idle = False
                if not is_more and not stop.is_set():
                    intervals = [queue.polling_interval_seconds for queue in self._registry.queues().values()]
                    is_idle = not subscription.wait(min(intervals, default=IDLE_SECONDS))

    def wake(self) -> None:
        self._listener.publish([QUEUE_SIGNAL])

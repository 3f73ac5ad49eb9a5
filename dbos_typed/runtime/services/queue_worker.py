"""Takes workflows from queues when something was put on one, and at the queues' polling interval."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from dbos_typed.core.ops.queues import Dequeued
from dbos_typed.core.ports import QUEUE_SIGNAL, Listener
from dbos_typed.core.registry import Registry

IDLE_SECONDS = 5.0
"""How long to wait while no queue is registered."""


class QueueWorker:
    """One thread for all queues of this process."""

    def __init__(
        self, *, registry: Registry, listener: Listener, dequeue: Callable[[], Dequeued], logger: logging.Logger
    ) -> None:
        self._registry = registry
        self._listener = listener
        self._dequeue = dequeue
        self._logger = logger
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dbos-queues", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more. Idempotent."""
        self._stop.set()
        self._listener.publish([QUEUE_SIGNAL])
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with self._listener.subscribe(QUEUE_SIGNAL) as subscription:
            while not self._stop.is_set():
                is_more = False
                try:
                    is_more = self._dequeue().is_more
                except Exception:
                    if self._stop.is_set():
                        return
                    self._logger.exception("Taking workflows from the queues failed; it is tried again.")
                if not is_more:
                    intervals = [queue.polling_interval_seconds for queue in self._registry.queues().values()]
                    subscription.wait(min(intervals, default=IDLE_SECONDS))

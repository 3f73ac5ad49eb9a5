"""Removes workflows that ended long ago, a batch at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

SWEEPS_PER_PERIOD = 10
LONGEST_INTERVAL_SECONDS = 60.0
SHORTEST_INTERVAL_SECONDS = 0.1
PAUSE_SECONDS = 0.02
"""Between batches, so that other writers have their turn."""


class RetentionService:
    """Removes what is older than the retention time; only where one is configured."""

    name = "dbos-retention"

    def __init__(
        self,
        *,
        kept_seconds: float,
        remove: Callable[[int], int],
        batch_size: int,
        logger: logging.Logger,
    ) -> None:
        """`remove` takes an age in milliseconds and removes a batch of what is older; it gives the number removed."""
        self._kept_ms = int(kept_seconds * 1000)
        self._interval = min(max(kept_seconds / SWEEPS_PER_PERIOD, SHORTEST_INTERVAL_SECONDS), LONGEST_INTERVAL_SECONDS)
        self._remove = remove
        self._batch_size = batch_size
        self._logger = logger

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            removed = self._sweep(stop)
            if removed:
                self._logger.info("Removed %d workflows that ended long ago.", removed)
            stop.wait(self._interval)

    def wake(self) -> None:
        """It waits for nothing but `stop`."""

    def _sweep(self, stop: threading.Event) -> int:
        removed = 0
        while not stop.is_set():
            count = self._remove(self._kept_ms)
            removed += count
            # A batch that is not full was the last one; what became free with it, children, is for the next sweep.
            if count < self._batch_size:
                break
            stop.wait(PAUSE_SECONDS)
        return removed

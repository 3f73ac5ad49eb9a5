"""The database's clock, which decides wherever processes meet: deadlines, wake-up times, schedules, ages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from dbos_typed.clock import Clock

COMPARED_EVERY_SECONDS = 15.0
"""How old the comparison with the database's clock may be before it is made again."""


class DatabaseClock:
    """The machine's clock, put right by the database's as far as the two are known to differ.

    Before the first comparison it is the machine's.
    """

    def __init__(self, clock: Clock, read_ms: Callable[[], int]) -> None:
        """`read_ms` asks the database for its time in milliseconds since the epoch."""
        self._clock = clock
        self._read_ms = read_ms
        self._lock = threading.Lock()
        self._offset = 0.0
        self._due_at = 0.0

    def now(self) -> float:
        """As `Clock.now`."""
        return self._clock.now() + self._offset

    def monotonic(self) -> float:
        """As `Clock.monotonic`."""
        return self._clock.monotonic()

    def compare(self) -> None:
        """Ask the database for its time, unless it was asked a short while ago."""
        if time.monotonic() < self._due_at:
            return
        before = self._clock.now()
        read = self._read_ms()
        after = self._clock.now()
        # The answer was given at some moment between: a difference that is possible is left as it is, so that the
        # time does not jump with every answer that takes a little longer.
        least, most = read / 1000 - after, (read + 1) / 1000 - before
        with self._lock:
            if least <= most:
                self._offset = min(max(self._offset, least), most)
            self._due_at = time.monotonic() + COMPARED_EVERY_SECONDS

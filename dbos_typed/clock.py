"""The time port: what the engine asks instead of reading a clock itself."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Where the engine gets the time."""

    def now(self) -> float:
        """Seconds since the Unix epoch: for what is stored and compared across processes."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back: for waits within one process."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

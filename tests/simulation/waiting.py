"""Waiting for what gives no signal."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 20.0


def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Block until the condition holds. TimeoutError: it did not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("what the simulation waits for did not come")
        time.sleep(0.002)

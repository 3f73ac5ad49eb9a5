"""What a fault is: where it is staged, what it does for how long, and what may be asked of the executors after it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.faults.stages import Stage, Staging

RECOVERY_SECONDS = 5.0
DEAD_HOST_SECONDS = 30.0
"""What it may take where nothing tells of the fault, but for example the silence of a host or an executor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of fault."""

    name: str
    staging: Staging
    strike: Callable[[Stage, float], None]
    """Harm for so many seconds; returns at the moment from which nothing is harmed any more."""
    recovery_seconds: float = RECOVERY_SECONDS
    wishes: Mapping[str, object] = field(default_factory=dict)
    """Keys of the executors' configuration, passed if the package has them."""
    executors: int = 2
    strikes_before_launch: bool = False
    has_lost_history: bool = False
    """Whether what was done after a moment may be undone."""


def last(seconds: float, pause: float, harm: Callable[[], object]) -> None:
    """Do harm again and again, with a pause between, for so many seconds and once at least."""
    deadline = time.monotonic() + seconds
    while True:
        harm()
        left = deadline - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(pause, left))

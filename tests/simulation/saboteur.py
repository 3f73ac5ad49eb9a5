"""Counts how a runtime uses its database, and lets chosen uses fail."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.simulation.blows import Blow, Moment, Seam

SERVICES = frozenset(
    {"dbos-heartbeat", "dbos-listener", "dbos-ownership", "dbos-retention", "dbos-scheduler", "dbos-watcher"}
)
"""Threads that use the database at moments of their own, whatever the application does."""

Plan = Callable[[Seam, int], Blow | None]
"""Which blow falls at a use of a seam, by its number from 1; `None`: the use is left alone."""


def at_rest(seam: Seam, number: int) -> None:
    """The plan without blows."""
    del seam, number


@dataclass(slots=True, kw_only=True, eq=False)
class Strike:
    """The plan of one blow, after which the next uses fail too, whatever they are."""

    seam: Seam
    number: int
    blow: Blow
    more: int = 0
    """How many uses fail after it."""
    blows: Mapping[Seam, Sequence[Blow]] = field(default_factory=dict[Seam, Sequence[Blow]])
    """What falls on them: the first of each seam."""
    _left: int | None = None

    def __call__(self, seam: Seam, number: int) -> Blow | None:
        if self._left is None and seam is self.seam and number == self.number:
            self._left = self.more
            return self.blow
        if self._left:
            self._left -= 1
            return self.blows[seam][0]
        return None

    def __str__(self) -> str:
        more = f" and {self.more} more" if self.more else ""
        return f"{self.seam.value} {self.number}: {self.blow}{more}"


@dataclass(slots=True, kw_only=True, eq=False)
class Outage:
    """The plan of a database that fails at every use for a while."""

    seam: Seam
    number: int
    """The use with which it begins."""
    seconds: float
    blows: Mapping[Seam, Sequence[Blow]]
    _end: float | None = None

    def __call__(self, seam: Seam, number: int) -> Blow | None:
        if self._end is None and seam is self.seam and number == self.number:
            self._end = time.monotonic() + self.seconds
        is_away = self._end is not None and time.monotonic() < self._end
        return self.blows[seam][0] if is_away else None

    def __str__(self) -> str:
        return f"{self.seam.value} {self.number}: outage of {self.seconds} s"


@dataclass(slots=True, eq=False)
class Saboteur:
    """Fails the uses of a database that its plan names, while its window is open."""

    plan: Plan = at_rest
    counts: Counter[Seam] = field(default_factory=Counter[Seam])
    """How often each seam was used while the window was open."""
    struck: list[str] = field(default_factory=list[str])
    harms_services: bool = False
    """Whether the uses of the engine's own services are counted and failed too."""
    is_open: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, plan: Plan) -> None:
        """Count anew, and follow `plan` from the next opening of the window on."""
        with self._lock:
            self.plan = plan
            self.counts.clear()
            self.struck.clear()

    @contextmanager
    def window(self) -> Generator[None]:
        """Uses outside of it are neither counted nor failed."""
        self.is_open = True
        try:
            yield
        finally:
            self.is_open = False

    def use(self, seam: Seam) -> Blow | None:
        """Note a use of the database; the blow that falls on it."""
        if not self.is_open or (not self.harms_services and threading.current_thread().name in SERVICES):
            return None
        with self._lock:
            self.counts[seam] += 1
            blow = self.plan(seam, self.counts[seam])
            if blow is not None:
                self.struck.append(f"{seam.value} {self.counts[seam]}: {blow}")
        return blow


def falls_before(blow: Blow | None) -> bool:
    return blow is not None and blow.moment is Moment.BEFORE

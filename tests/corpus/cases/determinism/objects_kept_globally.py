from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from dbos_typed import DBOS


@dataclass(frozen=True)
class Settings:
    region: str = field(default_factory=lambda: os.environ.get("REGION", "eu"))
    retries: int = 3


class Clock:
    def __init__(self, offset: float) -> None:
        self.offset = offset

    def now(self) -> float:
        return time.time() + self.offset

    def later(self, moment: float) -> float:
        return moment + self.offset


class Stats:
    def __init__(self) -> None:
        self.total = 0

    def add(self, value: int) -> None:
        self.total += value


SETTINGS = Settings()
CLOCK = Clock(1.0)
STATS = Stats()


@DBOS.step()
def stamp() -> float:
    STATS.add(1)
    return CLOCK.now()


@DBOS.workflow()
def run(moment: float) -> float:
    total = CLOCK.later(moment) + SETTINGS.retries + stamp()
    if SETTINGS.region == "us":
        total += 1
    return total + CLOCK.now()  # E: dbos-deterministic

"""Functions of which some read the world; workflows call the others."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
NOW = dt.datetime.now
STARTED = NOW()


def fresh() -> dt.datetime:
    return NOW()


def shifted(moment: dt.datetime, hours: int = 1) -> dt.datetime:
    return moment + dt.timedelta(hours=hours)


def either(moment: dt.datetime | None = None) -> dt.datetime:
    return moment if moment is not None else fresh()


def ranked(items: Iterable[T], key: Callable[[T], float]) -> list[T]:
    return sorted(items, key=key)


@dataclass
class Box(Generic[T]):
    items: list[T] = field(default_factory=list[T])

    def pick(self, chooser: Callable[[list[T]], T]) -> T:
        return chooser(self.items)

    def shuffle(self) -> None:
        random.shuffle(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Env:
    def __init__(self) -> None:
        self.values = dict(os.environ)

    @staticmethod
    def parse(text: str) -> dict[str, str]:
        return dict(line.split("=", 1) for line in text.splitlines())


class Retry:
    def __init__(self, times: int) -> None:
        self.times = times

    def __call__(self, attempt: int) -> float:
        return min(2.0**attempt, 60.0)

    def sleep(self, attempt: int) -> None:
        time.sleep(self(attempt))

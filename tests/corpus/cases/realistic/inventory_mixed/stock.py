from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Level:
    sku: str
    left: int

    @classmethod
    def parse(cls, raw: str) -> Level:
        data = json.loads(raw)
        return cls(str(data["sku"]), int(data["left"]))

    def dump(self) -> str:
        return json.dumps(asdict(self))


def retried(times: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(func: Callable[P, R]) -> Callable[P, R]:
        @wraps(func)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(times):
                try:
                    return func(*args, **kwargs)
                except OSError:
                    time.sleep(attempt)
            return func(*args, **kwargs)

        return wrapper

    return decorate


class Store:
    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(os.environ.get("STOCK", "."))

    def path(self, sku: str) -> Path:
        return self.folder / f"{sku}.json"

    @retried(3)
    def load(self, sku: str) -> Level:
        return Level.parse(self.path(sku).read_text())

    def save(self, level: Level) -> None:
        self.path(level.sku).write_text(level.dump())

    def total(self, levels: list[Level]) -> int:
        return sum(level.left for level in levels)

import random
import time
from collections.abc import Callable

from dbos_typed import DBOS


def apply(function: Callable[[int], float], values: list[int]) -> list[float]:
    return [function(value) for value in values]


@DBOS.workflow()
def compute(values: list[int]) -> float:
    def noise(value: int) -> float:
        return value + random.random()  # E: dbos-deterministic

    def double(value: int) -> float:
        return value * 2.0

    ordered = sorted(values, key=lambda value: random.random())  # E: dbos-deterministic
    doubled = sorted(values, key=lambda value: -value)
    stamps = [time.time() for _ in values]  # E: dbos-deterministic
    return sum(apply(double, ordered)) + sum(noise(value) for value in doubled) + sum(stamps)

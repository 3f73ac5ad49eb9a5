from collections import Counter
from time import perf_counter

CALLS: Counter[str] = Counter()


def count(name: str) -> None:
    CALLS[name] += 1


def elapsed(begun: float) -> float:
    return perf_counter() - begun

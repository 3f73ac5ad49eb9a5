import time

__all__ = ["stamp", "ticks"]


def stamp() -> str:
    return str(time.time())


def ticks(n: int) -> list[int]:
    return list(range(n))

from __future__ import annotations

import time

from dbos_typed import DBOS


def even(n: int) -> bool:
    return n == 0 or odd(n - 1)


def odd(n: int) -> bool:
    return n != 0 and even(n - 1)


def wait(n: int) -> float:
    return time.time() if n == 0 else wait(n - 1)


@DBOS.workflow()
def parity(n: int) -> bool:
    if n > 100:
        return parity(n - 2)
    return even(n)


@DBOS.workflow()
def waiting(n: int) -> float:
    return wait(n)  # E: dbos-deterministic

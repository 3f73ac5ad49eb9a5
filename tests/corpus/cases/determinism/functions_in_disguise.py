from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable

from dbos_typed import DBOS

RNG = random.Random()
SEEDED = random.Random(42)
TABLE: dict[str, Callable[[], float]] = {"clock": time.time}
roll = functools.partial(random.randint, 1, 6)
double = functools.partial(pow, 2)


class Tools:
    clock = staticmethod(time.time)
    half = staticmethod(abs)


def stamped(text: str, clock: Callable[[], float] = time.time) -> str:
    return f"{text} {clock()}"


def named(text: str, maker: Callable[[str], str] = str.upper) -> str:
    return maker(text)


@DBOS.workflow()
def disguises(text: str) -> str:
    a = RNG.random()  # E: dbos-deterministic
    b = roll()  # E: dbos-deterministic
    c = Tools.clock()  # E: dbos-deterministic
    d = double(3)
    e = named(text)
    f = stamped(text)  # E: dbos-deterministic
    g = stamped(text, lambda: 1.0)  # E?: dbos-deterministic
    return f"{a}{b}{c}{d}{e}{f}{g}"

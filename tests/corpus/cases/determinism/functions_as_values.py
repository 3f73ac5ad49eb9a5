import asyncio
import random
import time
from functools import partial

from dbos_typed import DBOS


def noise(scale: float) -> float:
    return random.random() * scale


def half(value: float) -> float:
    return value / 2


now = time.time
loud = partial(noise, 10)
quiet = partial(half, 10)


@DBOS.workflow()
def mix(values: list[float]) -> float:
    a = list(map(noise, values))  # E: dbos-deterministic
    b = list(map(half, values))
    c = loud()  # E: dbos-deterministic
    d = quiet()
    e = now()  # E: dbos-deterministic
    return sum(a) + sum(b) + c + d + e


@DBOS.workflow()
async def mix_async(values: list[float]) -> float:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, sum, values)  # E: dbos-deterministic

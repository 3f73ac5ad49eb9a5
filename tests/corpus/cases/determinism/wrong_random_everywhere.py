import random as rnd
from random import Random, SystemRandom

import anyio

from dbos_typed import DBOS


def choose(generator: Random, names: list[str]) -> str:
    return generator.choice(names)


def choose_truly(names: list[str]) -> str:
    return SystemRandom().choice(names)


@DBOS.workflow()
def seeded(names: list[str], seed: int) -> str:
    generator = Random(seed)
    generator.shuffle(names)
    return choose(generator, names) + choose(Random(f"{seed}"), names)


@DBOS.workflow()
def unseeded(names: list[str]) -> str:
    first = choose_truly(names)  # E: dbos-deterministic
    rnd.seed(3)  # E?: dbos-deterministic
    return first + rnd.choice(names)  # E: dbos-deterministic


@DBOS.workflow()
async def slept(seconds: float) -> None:
    await anyio.sleep(seconds)  # E: dbos-deterministic
    await DBOS.sleep_async(seconds)

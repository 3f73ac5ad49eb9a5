import random
import secrets
from random import choice, randint

from dbos_typed import DBOS


@DBOS.step()
def draw(names: list[str]) -> str:
    return choice(names)


@DBOS.workflow()
def lottery(names: list[str], seed: int) -> str:
    winner = draw(names)
    if random.random() < 0.5:  # E: dbos-deterministic
        winner = choice(names)  # E: dbos-deterministic
    random.shuffle(names)  # E: dbos-deterministic
    token = secrets.token_hex(8)  # E: dbos-deterministic
    number = randint(1, 6)  # E: dbos-deterministic
    seeded = random.Random(seed)
    return winner + token + str(number) + str(seeded.random())

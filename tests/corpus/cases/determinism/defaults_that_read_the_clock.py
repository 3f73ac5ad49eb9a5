from __future__ import annotations

import datetime as dt
import random
import time

from dbos_typed import DBOS


def age(born: dt.date, today: dt.date | None = None) -> int:
    reference = today or dt.date.today()
    return reference.year - born.year


def deadline(hours: int, *, now: float | None = None) -> float:
    if now is None:
        now = time.time()
    return now + hours * 3600


def later(moment: dt.datetime | None = None) -> dt.datetime:
    return (moment if moment is not None else dt.datetime.now()) + dt.timedelta(hours=1)


def jitter(seconds: float, rng: random.Random | None = None) -> float:
    return seconds + (rng or random.Random()).random()


def greeting(name: str, *, dated: bool = False) -> str:
    if dated:
        return f"{name} {dt.date.today()}"
    return name


class Stamp:
    def __init__(self, text: str, at: float | None = None) -> None:
        self.text = text
        self.at = time.time() if at is None else at


@DBOS.step()
def today() -> dt.date:
    return dt.date.today()


@DBOS.workflow()
def given(born: dt.date, moment: dt.datetime, seconds: float) -> str:
    years = age(born, today())
    until = deadline(3, now=seconds)
    after = later(moment)
    stamp = Stamp("a", seconds)
    wait = jitter(seconds, random.Random(years))
    return f"{years}{until}{after}{stamp.at}{wait}{greeting('ann')}{greeting('bob', dated=False)}"


@DBOS.workflow()
def not_given(born: dt.date, seconds: float) -> str:
    years = age(born)  # E: dbos-deterministic
    until = deadline(3)  # E: dbos-deterministic
    after = later()  # E: dbos-deterministic
    stamp = Stamp("a")  # E: dbos-deterministic
    wait = jitter(seconds)  # E: dbos-deterministic
    dated = greeting("ann", dated=True)  # E: dbos-deterministic
    return f"{years}{until}{after}{stamp.at}{wait}{dated}"

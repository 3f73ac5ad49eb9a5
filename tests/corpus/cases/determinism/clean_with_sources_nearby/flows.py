from __future__ import annotations

import datetime as dt

from clean_with_sources_nearby.mixed import STARTED, Box, Env, Retry, either, fresh, ranked, shifted
from dbos_typed import DBOS

RETRY = Retry(3)


@DBOS.step()
def now() -> dt.datetime:
    return fresh()


@DBOS.step()
def draw(names: list[str]) -> str:
    box = Box(names)
    box.shuffle()
    return box.items[0]


@DBOS.workflow()
def clean(names: list[str], moment: dt.datetime) -> str:
    box = Box(names)
    later = shifted(now())
    first = box.pick(lambda items: items[0])
    best = ranked(box, key=len)
    for attempt in range(RETRY.times):
        DBOS.sleep(RETRY(attempt))
    parsed = Env.parse("a=b")
    old = later - STARTED
    return f"{first}{best}{len(box)}{parsed}{old}{draw(names)}{shifted(moment, hours=2)}"


@DBOS.workflow()
def dirty(names: list[str]) -> str:
    box = Box(names)
    box.shuffle()  # E: dbos-deterministic
    RETRY.sleep(1)  # E: dbos-deterministic
    environment = Env()  # E: dbos-deterministic
    return f"{either()}{environment.values}{len(box)}"  # E: dbos-deterministic

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

from dbos_typed import DBOS


class Expired(Exception):
    """Too late."""


@DBOS.step()
def utc_now() -> datetime:
    return datetime.now(timezone.utc)


@DBOS.step(retries_allowed=True)
def poll(job: str) -> bool:
    return bool(job)


def remaining(deadline: datetime, now: datetime) -> timedelta:
    return max(deadline - now, timedelta())


def is_late(deadline: datetime) -> bool:
    return datetime.now(timezone.utc) > deadline


@DBOS.workflow()
def wait(job: str, minutes: int) -> bool:
    deadline = utc_now() + timedelta(minutes=minutes)
    while remaining(deadline, utc_now()):
        if poll(job):
            return True
        DBOS.sleep(30)
    raise Expired(job)


@DBOS.workflow()
def wait_badly(job: str, deadline: datetime) -> bool:
    while not is_late(deadline):  # E: dbos-deterministic
        if poll(job):
            return True
        time.sleep(30)  # E: dbos-deterministic
    return False

import logging
import os
import time
from datetime import datetime
from uuid import uuid4

from dbos_typed import DBOS

logger = logging.getLogger(__name__)


@DBOS.step()
def extract(day: str) -> list[int]:
    return [len(day)]


@DBOS.transaction()
def load(rows: list[int]) -> int:
    return len(rows)


def report(label: str, since: float) -> None:
    logger.info("%s took %.1f s", label, time.monotonic() - since)


@DBOS.workflow()
def nightly(day: str) -> int:
    begun = time.monotonic()  # E: dbos-deterministic-log
    logger.info("process %s begins at %s", os.getpid(), datetime.now())  # E: dbos-deterministic-log
    rows = extract(day)
    report("extract", begun)  # E: dbos-deterministic-log
    count = load(rows)
    seconds = round(time.monotonic() - begun, 1)  # E: dbos-deterministic-log
    if seconds > 60:
        logger.warning("slow: %s", seconds)
    return count


@DBOS.workflow()
def nightly_with_deadline(day: str) -> float:
    begun = time.monotonic()  # E: dbos-deterministic
    run = str(uuid4())  # E: dbos-deterministic
    logger.info("run %s", run)
    rows = extract(run + day)
    if time.monotonic() - begun < 60:  # E: dbos-deterministic
        load(rows)
    ended = time.monotonic()  # E: dbos-deterministic
    logger.info("ended at %s", ended)
    return ended

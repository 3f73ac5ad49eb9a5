import random
import time
from datetime import datetime

from dbos_typed import DBOS


def stamp() -> str:
    return datetime.now().isoformat()


def pad(text: str) -> str:
    return text.ljust(10)


def jitter(base: float) -> float:
    return base + random.random()


def elapsed() -> float:
    return time.perf_counter()


@DBOS.step()
def stamped() -> str:
    return stamp()


@DBOS.workflow()
def label(text: str) -> str:
    DBOS.sleep(jitter(1.0))  # E: dbos-deterministic
    stored = stamped()
    return pad(text) + stamp() + stored  # E: dbos-deterministic


def main() -> None:
    print(elapsed())
    DBOS.start_workflow(label, stamp())

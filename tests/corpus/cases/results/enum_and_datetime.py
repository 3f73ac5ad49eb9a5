from datetime import datetime, timedelta
from enum import Enum

from dbos_typed import DBOS


class Level(Enum):
    LOW = 1
    HIGH = 2


@DBOS.workflow()
def assess(text: str) -> Level:
    return Level.HIGH if text else Level.LOW


@DBOS.workflow()
def due(start: datetime) -> datetime:
    return start + timedelta(days=1)


def use(start: datetime) -> bool:
    level = DBOS.start_workflow(assess, "a").get_result()
    print(level is Level.HIGH, level.name.lower())
    print(level > 1)  # E: type
    end = DBOS.start_workflow(due, start).get_result()
    print(end - start)
    print(end + start)  # E: type
    return level is Level.LOW

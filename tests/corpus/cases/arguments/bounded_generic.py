from dataclasses import dataclass
from typing import TypeVar

from dbos_typed import DBOS


@dataclass(frozen=True)
class Task:
    name: str


@dataclass(frozen=True)
class UrgentTask(Task):
    level: int


TaskT = TypeVar("TaskT", bound=Task)


@DBOS.workflow()
def schedule(task: TaskT, at: int) -> TaskT:
    return task if at else task


schedule(UrgentTask("a", 3), 1).level
schedule("a", 1)  # E: type
schedule(Task("a"), 1).level  # E: type

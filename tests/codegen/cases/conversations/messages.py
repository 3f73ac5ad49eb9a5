"""Keys and helpers that live outside the workflow's module."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

from dbos_typed import DBOS, Event, Topic


@dataclass
class Step:
    name: str
    done: bool = False

    @property
    def label(self) -> str:
        return self.name

    def seconds(self) -> float:
        return 1.5


class Key(StrEnum):
    FIRST = "first"
    SECOND = "second"


class State(Enum):
    OPEN = 1


class Names:
    TITLE = "title"


STEP = Event["Step | None"]("step")
DECISION = Topic[bool]("decision")
PLAIN: Final = "plain"


def announce(step: Step) -> None:
    DBOS.set_event(STEP, step)
    _deeper()


def _deeper() -> None:
    DBOS.set_event("deep", len("x"))
    announce(Step("again"))

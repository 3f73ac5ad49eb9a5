"""Keys and what sets them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from dbos_typed import DBOS, Event, Stream, Topic

PREFIX: Final = "order"
TOTAL: Final[str] = PREFIX + "-total"
COUNT = Event[int]("count")
LOG = Stream[str]("log")
T = TypeVar("T")


class Names(enum.StrEnum):
    STATE = "state"
    PLACE = "place"


class Keys:
    STARTED = Event[float]("started")
    DONE = "done"
    ANSWER = Topic[bytes]("answer")


def progress(value: int, key: str = "progress") -> None:
    DBOS.set_event(key, value)


def announce(event: Event[T], value: T) -> None:
    DBOS.set_event(event, value)


def publish(key: str, value: T) -> T:
    DBOS.set_event(key, value)
    return value


def untyped(key, value):  # type: ignore[no-untyped-def]
    DBOS.set_event(key, value)


def deep(name: str, value: Any) -> None:
    publish(key=name, value=value)


def either(key: Literal["left", "right"]) -> None:
    DBOS.set_event(key, True)


def ask(topic: str) -> int | None:
    answer: int | None = DBOS.recv(topic)
    return answer


@dataclass
class Reporter:
    name: str

    def report(self, key: str, value: float) -> None:
        DBOS.set_event(key, value)


@DBOS.step()
def write(words: list[str]) -> None:
    for word in words:
        DBOS.write_stream(LOG, word)
    DBOS.write_stream("lengths", [len(word) for word in words])

"""A chat room whose members are workflows; plain classes and callbacks live beside them."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum, auto
from typing import Final, Literal, TypeAlias, TypeVar

from dbos_typed import DBOS, DBOSConfiguredInstance, Event, Queue, Topic, WorkflowHandle

T = TypeVar("T")
Handler: TypeAlias = Callable[["Room", str], str]
MENTION: Final = re.compile(r"@(\w+)")


class Mood(Enum):
    CALM = auto()
    HEATED = auto()


@dataclasses.dataclass(frozen=True)
class Post:
    author: str
    text: str
    kind: Literal["post", "action"] = "post"

    def mentions(self) -> frozenset[str]:
        return frozenset(MENTION.findall(self.text))


POSTS = Topic[Post]("posts")
MOOD = Event[Mood]("mood")
HISTORY = Event[tuple[Post, ...]]("history")
rooms = Queue("rooms")


def window(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    kept: deque[T] = deque(maxlen=size)
    for item in items:
        kept.append(item)
        yield tuple(kept)


class Bot:
    def __init__(self, name: str, handlers: Sequence[Handler] = ()) -> None:
        self.name = name
        self.handlers = list(handlers)

    def on(self, handler: Handler) -> Handler:
        self.handlers.append(handler)
        return handler


bot = Bot("helper")


@bot.on
def greet(room: Room, text: str) -> str:
    return f"{room.config_name}: hello {text}"


@DBOS.step()
def answer(room: str, text: str) -> list[str]:
    return [handler(ROOMS[room], text) for handler in bot.handlers]


@DBOS.dbos_class()
class Room(DBOSConfiguredInstance):
    def mood(self, posts: Sequence[Post]) -> Mood:
        shouted = sum(post.text.isupper() for post in posts)
        return Mood.HEATED if shouted > 3 else Mood.CALM

    def next_post(self, seconds: float) -> Post | None:
        return DBOS.recv(POSTS, timeout_seconds=seconds)

    @DBOS.workflow()
    def run(self, limit: int = 100) -> Counter[str]:
        posts: list[Post] = []
        authors: Counter[str] = Counter()
        while len(posts) < limit:
            post = self.next_post(3600)
            if post is None:
                break
            posts.append(post)
            authors[post.author] += 1
            DBOS.set_event(HISTORY, tuple(itertools.islice(posts, 10)))
            DBOS.set_event(MOOD, self.mood(posts))
            for name in sorted(post.mentions()):
                answer(self.config_name, name)
            if post.kind == "action" and DBOS.patch("actions"):
                DBOS.sleep(1)
        return authors


ROOMS: dict[str, Room] = {name: Room(name) for name in ("lobby", "garden")}


def open_rooms() -> dict[str, WorkflowHandle[Counter[str]]]:
    return {name: rooms.enqueue(room.run, limit=10) for name, room in ROOMS.items()}


def say(workflow_id: str, *texts: str) -> None:
    for first, *rest in window(texts, 2):
        DBOS.send(workflow_id, Post("me", " ".join([first, *rest])), POSTS)


def heat(workflow_id: str) -> str:
    mood = DBOS.get_event(workflow_id, MOOD)
    history = DBOS.get_event(workflow_id, HISTORY) or ()
    return f"{mood.name if mood else 'unknown'} after {len(history)}"

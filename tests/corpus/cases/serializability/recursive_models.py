from __future__ import annotations

import queue
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypedDict, TypeVar

from typing_extensions import NotRequired

from dbos_typed import DBOS

T = TypeVar("T")


@dataclass
class Tree:
    value: int
    children: list[Tree] = field(default_factory=list["Tree"])


class Comment(TypedDict):
    text: str
    replies: NotRequired[list[Comment]]


class Pair(NamedTuple, Generic[T]):
    left: T
    right: T


@dataclass
class Mailbox:
    incoming: queue.Queue[str]
    parent: Mailbox | None = None


@dataclass
class Office:
    boxes: dict[str, Mailbox]


@DBOS.workflow()
def grow(tree: Tree, comments: list[Comment], pair: Pair[Tree]) -> Tree:
    return Tree(len(comments), [tree, pair.left])


@DBOS.workflow()
def deliver(box: Mailbox) -> int:  # E: dbos-serializable
    return box.incoming.qsize()


@DBOS.workflow()
def open_office(office: Office) -> int:  # E: dbos-serializable
    return len(office.boxes)


@DBOS.workflow()
def pairs(pair: Pair[queue.Queue[str]]) -> int:  # E: dbos-serializable
    return pair.left.qsize()

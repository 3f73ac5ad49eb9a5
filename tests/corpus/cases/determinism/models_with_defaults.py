from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass, field

from pydantic import BaseModel, Field

from dbos_typed import DBOS


class Message(BaseModel):
    text: str
    id: str = Field(default_factory=lambda: uuid.uuid4().hex)


class Plain(BaseModel):
    text: str
    tags: list[str] = Field(default_factory=list[str])


@dataclass
class Ticket:
    title: str
    created: float = field(default_factory=time.time)


@dataclass
class Card:
    name: str
    number: int = 0

    def __post_init__(self) -> None:
        self.number = random.randint(1, 10)


@DBOS.step()
def message(text: str) -> Message:
    return Message(text=text)


@DBOS.workflow()
def build(text: str) -> str:
    plain = Plain(text=text)
    first = message(text)
    given = Ticket(text, 3.0)
    ticket = Ticket(text)  # E: dbos-deterministic
    card = Card(text)  # E: dbos-deterministic
    second = Message(text=text)  # E: dbos-deterministic
    third = Message(text=text, id="3")
    return f"{plain}{first}{given}{ticket}{card}{second}{third}"

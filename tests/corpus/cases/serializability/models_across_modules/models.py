from __future__ import annotations

import threading
from dataclasses import dataclass


class Money:
    def __init__(self, cents: int) -> None:
        self.cents = cents


@dataclass
class Price:
    amount: Money
    label: str


@dataclass
class Label:
    text: str
    parent: Label | None = None


@dataclass
class Worker:
    thread: threading.Thread
    name: str

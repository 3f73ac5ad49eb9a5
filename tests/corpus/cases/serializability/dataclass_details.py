from __future__ import annotations

import threading
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from dbos_typed import DBOS


@dataclass
class Shared:
    lock: ClassVar[threading.Lock] = threading.Lock()
    name: str = ""

    @property
    def guard(self) -> threading.Lock:
        return self.lock


@dataclass
class Base:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    values: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Child(Base):
    config: Config
    lock: InitVar[threading.Lock | None] = None

    @cached_property
    def length(self) -> int:
        return len(self.name)

    def __post_init__(self, lock: threading.Lock | None) -> None:
        if lock is not None and lock.locked():
            self.name = "locked"


@dataclass
class Hidden(Base):
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)


@DBOS.workflow()
def shared(value: Shared) -> Shared:
    return value


@DBOS.workflow()
def child(value: Child) -> int:
    return value.length


@DBOS.workflow()
def hidden(value: Hidden) -> str:  # E: dbos-serializable
    return value.name

"""Names that get into each other's way."""

from dataclasses import dataclass
from typing import Any as Anything

from dbos_typed import DBOS, DBOSConfiguredInstance
from dbos_typed import Topic as T


@dataclass
class Any:
    """Not the one of typing."""


@dataclass
class Literal:
    """Not the one of typing either."""


@dataclass
class Handle:
    """Not one of a workflow."""


@DBOS.workflow()
def list(items: tuple[int, ...]) -> bytes:
    DBOS.set_event("count", 1)
    return bytes(items)


@DBOS.workflow()
def str(value: Any) -> Literal:
    DBOS.set_event("any", Any())
    return Literal()


@DBOS.workflow()
def float(seconds: int) -> Anything:
    return seconds


@DBOS.workflow()
def overload(self: int, queue: int, _queue: int, instance: Handle) -> Anything:
    DBOS.set_event("a", 1)
    DBOS.set_event("b", Handle())
    return T[int]("x").name


@DBOS.workflow()
def start(client: int) -> None: ...


@DBOS.workflow()
def Queue() -> None: ...


@DBOS.workflow()
def WorkflowHandle() -> None: ...


@DBOS.workflow()
def WorkflowRef() -> None: ...


@DBOS.workflow()
def _refs() -> None: ...


class Shop(DBOSConfiguredInstance):
    @DBOS.workflow()
    def enqueue(self, queue: int, instance: "Handle", config_name: int) -> "Handle":
        return instance

    @DBOS.workflow()
    def list(self, size: int) -> tuple[int, int]:
        return size, size

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from dbos_typed import DBOS, DBOSConfiguredInstance

T = TypeVar("T")


class Handler(Protocol):
    def handle(self, text: str) -> str: ...


class Callback(Protocol):
    def __call__(self, text: str) -> str: ...


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []


class Custom:
    def __init__(self, text: str) -> None:
        self.text = text


class Arbitrary(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    name: str


@dataclass
class Result(Generic[T]):
    value: T | None = None
    error: str | None = None


class Service(DBOSConfiguredInstance):
    @DBOS.workflow()
    def run(self, text: str) -> Result[str]:
        return Result(text)

    @DBOS.workflow()
    def run_custom(self, text: str) -> Result[Custom]:  # E: dbos-serializable
        return Result(Custom(text), text)

    @DBOS.workflow()
    def run_with(self, service: Service) -> str:  # E?: dbos-serializable
        return service.config_name


@DBOS.workflow()
def stacked(stack: Stack[int]) -> int:  # E: dbos-serializable
    return len(stack.items)


@DBOS.workflow()
def called(callback: Callback) -> str:  # E: dbos-serializable
    return callback("a")


@DBOS.workflow()
def modelled(model: Arbitrary) -> str:
    return model.name

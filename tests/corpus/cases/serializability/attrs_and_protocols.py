from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Protocol, TypeVar

import attrs

from dbos_typed import DBOS


@attrs.define
class Parcel:
    weight: float
    label: str = ""


@attrs.frozen
class Truck:
    driver: str
    engine: threading.Thread


class Named(Protocol):
    name: str


class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...


ParcelT = TypeVar("ParcelT", bound=Parcel)
Number = TypeVar("Number", int, float)
LockT = TypeVar("LockT", bound=threading.Thread)


@DBOS.workflow()
def send(parcel: ParcelT) -> ParcelT:
    return parcel


@DBOS.workflow()
def weigh(value: Number) -> Number:
    return value


@DBOS.workflow()
def drive(truck: Truck) -> str:  # E: dbos-serializable
    return truck.driver


@DBOS.workflow()
def join(thread: LockT) -> LockT:  # E: dbos-serializable
    return thread

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import NamedTuple, TypedDict

from dbos_typed import DBOS


class Job(TypedDict):
    name: str
    chunks: AsyncIterator[bytes]


class Line(TypedDict):
    sku: str
    price: Decimal


class Point(NamedTuple):
    x: float
    y: float


class Task(NamedTuple):
    name: str
    run: type[Point]


@DBOS.workflow()
def print_job(job: Job) -> str:  # E: dbos-serializable
    return job["name"]


@DBOS.workflow()
def invoice(lines: list[Line], at: Point) -> Decimal:
    return sum((line["price"] for line in lines), Decimal(0)) + Decimal(at.x)


@DBOS.workflow()
def execute(task: Task) -> str:  # E: dbos-serializable
    return task.name

"""Inputs and results of annotated types come back in those types, also in a recovered workflow."""

import enum
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

from dbos_typed import DBOS
from tests.behaviour.app import App


class Color(enum.Enum):
    RED = "red"


class Point(NamedTuple):
    x: int
    y: int


class Options(TypedDict, total=False):
    loud: bool
    at: time


@dataclass(frozen=True)
class Line:
    start: Point
    color: Color = Color.RED


@dataclass(frozen=True)
class Order:
    id: uuid.UUID
    placed: datetime
    due: date
    patience: timedelta
    price: Decimal
    lines: tuple[Line, ...]
    tags: frozenset[str]
    photo: bytes
    path: Path
    options: Options
    kind: Literal["gift", "own"] | None


ORDER = Order(
    id=uuid.UUID(int=5),
    placed=datetime(2025, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    due=date(2025, 1, 3),
    patience=timedelta(days=1, microseconds=5),
    price=Decimal("19.90"),
    lines=(Line(Point(1, 2)),),
    tags=frozenset({"a", "b"}),
    photo=b"\x00\xff",
    path=Path("a/b"),
    options={"at": time(1, 2)},
    kind="gift",
)


async def check(app: App) -> None:
    inputs: list[Order] = []

    @DBOS.step()
    async def weigh(order: Order) -> Order:
        return order

    @DBOS.workflow()
    async def checkout(order: Order, *orders: Order, later: list[Order] | None = None) -> dict[str, Order]:
        inputs.extend((order, *orders, *(later or [])))
        return {"order": await weigh(order)}

    handle = await DBOS.start_workflow_async(checkout, ORDER, ORDER, later=[ORDER])
    assert await handle.get_result() == {"order": ORDER}
    assert await app.rerun_async(handle.workflow_id, keep=1) == {"order": ORDER}
    assert inputs == [ORDER] * 6

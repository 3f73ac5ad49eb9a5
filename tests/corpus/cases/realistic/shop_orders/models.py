from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum


class State(str, Enum):
    NEW = "new"
    PAID = "paid"
    SHIPPED = "shipped"
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    sku: str
    quantity: int
    price: Decimal

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True)
class Order:
    id: str
    customer: str
    lines: list[Line] = field(default_factory=list[Line])

    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Receipt:
    order_id: str
    total: Decimal
    state: State
    tracking: str | None = None

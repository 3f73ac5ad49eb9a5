from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NewType, Self

OrderId = NewType("OrderId", str)
Currency = Literal["EUR", "USD"]
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: Currency = "EUR"

    def __add__(self, other: Money) -> Money:
        return replace(self, amount=self.amount + other.amount)

    def __mul__(self, factor: int) -> Money:
        return replace(self, amount=self.amount * factor)

    def rounded(self) -> Money:
        return replace(self, amount=self.amount.quantize(CENT, ROUND_HALF_UP))

    @classmethod
    def zero(cls) -> Self:
        return cls(Decimal(0))


@dataclass(frozen=True, slots=True)
class Cart:
    id: OrderId
    prices: Mapping[str, Money] = field(default_factory=dict[str, Money])
    counts: Mapping[str, int] = field(default_factory=dict[str, int])

    def total(self) -> Money:
        return sum((price * self.counts.get(sku, 1) for sku, price in self.prices.items()), Money.zero()).rounded()

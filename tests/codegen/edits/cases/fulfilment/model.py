"""What an order is made of."""

import enum
from dataclasses import dataclass, field


class Tier(enum.Enum):
    """How much a customer is worth."""

    BASIC = "basic"
    GOLD = "gold"


class FulfilmentError(Exception):
    """Something that stops an order."""


class OutOfStockError(FulfilmentError):
    """The warehouse does not have it."""


class PaymentDeclinedError(FulfilmentError):
    """The bank refused."""


@dataclass
class Line:
    """A position of an order."""

    sku: str
    cents: int
    quantity: int = 1


@dataclass
class Order:
    """What a customer wants."""

    order_id: str
    lines: list[Line] = field(default_factory=list)
    tier: Tier = Tier.BASIC
    is_gift: bool = False


@dataclass
class Receipt:
    """What a customer gets to see."""

    order_id: str
    cents: int
    parcel: str


def total(order: Order) -> int:
    """The price of everything, in cents."""
    return sum(line.cents * line.quantity for line in order.lines)

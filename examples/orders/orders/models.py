"""What travels through the workflows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order; prices are in cents."""

    sku: str
    quantity: int
    unit_price: int

    @property
    def price(self) -> int:
        """Cents for the whole line."""
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Approval:
    """Someone's decision about an order."""

    by: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the customer gets; `total` is in cents."""

    order_id: str
    total: int
    payment: str
    approved_by: str
    parcel: str

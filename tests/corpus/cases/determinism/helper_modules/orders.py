from dataclasses import dataclass

from helper_modules import ids


@dataclass
class Order:
    id: str
    cents: int


def new_order(cents: int) -> Order:
    return Order(ids.fresh("order"), cents)


def order_for(key: str, cents: int) -> Order:
    return Order(ids.stable("order", key), cents)

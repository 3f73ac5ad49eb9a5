import random
import time
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


def with_fee(money: Money, percent: int) -> Money:
    return Money(money.amount * (100 + percent) / 100, money.currency)


def reference(prefix: str) -> str:
    return f"{prefix}-{int(time.time())}-{random.randint(0, 99)}"


def label(money: Money) -> str:
    return f"{money.amount} {money.currency}"

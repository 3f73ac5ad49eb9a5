"""What is paid."""

import enum
from dataclasses import dataclass


class Method(enum.Enum):
    """Ways to pay."""

    CARD = "card"
    TRANSFER = "transfer"
    WALLET = "wallet"
    VOUCHER = "voucher"


class PaymentError(Exception):
    """A payment that is not made."""


class FraudError(PaymentError):
    """Somebody else's card."""


@dataclass
class Payment:
    """A sum that somebody owes."""

    payment_id: str
    method: Method
    cents: int
    country: str = "de"


@dataclass
class Confirmation:
    """What the bank says; recorded by steps."""

    reference: str
    cents: int

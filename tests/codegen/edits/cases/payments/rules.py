"""Who is looked at twice."""

from payments.model import Payment


class Thresholds:
    """In cents."""

    verify = 10_000
    report = 1_000_000


ACCOUNTS = {"de": ["sales", "tax"], "us": ["sales", "duty"]}
EXEMPT = frozenset({"us"})


def must_verify(payment: Payment) -> bool:
    """Whether the holder of a card has to confirm."""
    return payment.cents >= Thresholds.verify and payment.country not in EXEMPT


def accounts_of(payment: Payment) -> list[str]:
    """Where a payment is booked."""
    return ACCOUNTS.get(payment.country, ["other"])

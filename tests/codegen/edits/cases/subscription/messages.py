"""What customers and systems tell a subscription."""

import enum
from dataclasses import dataclass

from dbos_typed import Event, Topic


class Plan(enum.Enum):
    """What is sold."""

    MONTHLY = "monthly"
    YEARLY = "yearly"
    TRIAL = "trial"


@dataclass
class Paid:
    """Somebody has paid."""

    cents: int
    reference: str = ""


@dataclass
class Cancelled:
    """Somebody has had enough."""

    reason: str


class SubscriptionError(Exception):
    """A subscription that cannot go on."""


class UnpaidError(SubscriptionError):
    """No money came."""


PAYMENTS = Topic[Paid]("payments")
CANCELLATIONS = Topic[Cancelled]("cancellations")
STATE = Event[str]("state")

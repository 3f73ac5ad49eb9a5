"""What the business decides, and engineers only write down."""

import enum
from dataclasses import dataclass

REVIEW_ABOVE = 50_000
MAX_ATTEMPTS = 2
CARRIERS = ("dhl", "ups")
FEATURES = {"gift_wrap": True, "survey": False}


class Limit(enum.IntEnum):
    """Limits in cents."""

    FREE_SHIPPING = 5_000
    INSURANCE = 20_000


@dataclass(frozen=True)
class Policy:
    """How lines are reserved."""

    max_lines: int = 3
    notify: bool = True


POLICY = Policy()


def needs_insurance(cents: int, limit: int = Limit.INSURANCE) -> bool:
    """Whether a parcel is worth a policy."""
    return cents >= limit


def needs_review(cents: int) -> bool:
    """Whether somebody looks at it first."""
    return cents > REVIEW_ABOVE

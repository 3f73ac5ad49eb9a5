"""Terms: prices, periods and patience. A day of a test lasts a millisecond."""

from typing import NamedTuple

from subscription.messages import Plan

DAY = 0.001
REMINDERS = 2
GRACE_DAYS = 1
MINIMUM_CENTS = 500
ANSWER_SECONDS = 0.3


class Terms(NamedTuple):
    """The terms of a plan."""

    cents: int
    periods: int
    has_survey: bool = False


TERMS = {
    Plan.MONTHLY: Terms(900, 2),
    Plan.YEARLY: Terms(9_000, 1),
}
TERMS[Plan.TRIAL] = Terms(0, 1, has_survey=True)


class Mailer:
    """Texts of letters by their kind."""

    templates = {"welcome": "hello", "reminder": "please pay"}
    copies = 1


def terms_of(plan: Plan) -> Terms:
    """The terms of a plan."""
    return TERMS[plan]


def is_enough(cents: int, terms: Terms, minimum: int = MINIMUM_CENTS) -> bool:
    """Whether a payment keeps the subscription."""
    return cents >= max(terms.cents, minimum)

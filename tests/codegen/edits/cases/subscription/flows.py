"""A subscription from its first to its last day."""

from dbos_typed import DBOS

from subscription import actions, terms
from subscription.messages import CANCELLATIONS, PAYMENTS, STATE, Cancelled, Paid, Plan, SubscriptionError
from subscription.terms import Terms


def announce(state: str) -> None:
    """Tell everybody who waits."""
    DBOS.set_event(STATE, state)


def remind(customer_id: str, number: int) -> None:
    """Write, and wait for a while."""
    for _ in range(terms.Mailer.copies):
        actions.send_letter(customer_id, f"{terms.Mailer.templates['reminder']} {number}")
    DBOS.sleep(terms.DAY * terms.GRACE_DAYS)


def wait_for_payment(customer_id: str, agreed: Terms) -> bool:
    """Wait, and remind as often as the terms allow."""
    for number in range(terms.REMINDERS):
        paid = DBOS.recv(PAYMENTS, terms.ANSWER_SECONDS)
        if paid is not None and terms.is_enough(paid.cents, agreed):
            return True
        remind(customer_id, number)
    return False


@DBOS.workflow()
def subscribe(customer_id: str, plan: Plan) -> str:
    agreed = terms.terms_of(plan)
    actions.activate(customer_id)
    announce("active")
    for _ in range(agreed.periods):
        if agreed.cents > 0 and not wait_for_payment(customer_id, agreed):
            actions.suspend(customer_id)
            announce("suspended")
            return "unpaid"
        DBOS.sleep(30 * terms.DAY)
    if agreed.has_survey:
        actions.send_letter(customer_id, "survey")
    announce("ended")
    return "ended"


@DBOS.workflow()
def renew(customer_id: str, plan: Plan) -> str:
    cancelled: Cancelled | None = DBOS.recv(CANCELLATIONS, terms.ANSWER_SECONDS)
    if cancelled is not None:
        actions.send_letter(customer_id, cancelled.reason)
        actions.close(customer_id)
        return cancelled.reason
    try:
        cents = actions.debit(customer_id, terms.terms_of(plan).cents)
    except SubscriptionError as error:
        actions.send_letter(customer_id, str(error))
        actions.suspend(customer_id)
        return "unpaid"
    while actions.days_left(customer_id) < 0:
        DBOS.sleep(terms.DAY)
    announce("renewed")
    return f"paid {cents}"


__all__ = ["Cancelled", "Paid", "Plan", "renew", "subscribe"]

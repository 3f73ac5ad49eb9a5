"""The durable part: whatever happens to the process, every step below is done once."""

from sqlalchemy import text

from dbos_typed import DBOS, Topic
from orders.journal import done, read
from orders.models import Approval, Item, Receipt

APPROVAL = Topic[Approval]("approval")
APPROVAL_SECONDS = 24 * 60 * 60


class PaymentUnavailableError(Exception):
    """The card terminal did not answer; trying again helps."""


class OrderRefusedError(Exception):
    """Nobody approved the order."""


@DBOS.step()
def reserve_stock(order_id: str, items: list[Item]) -> str:
    """Set the goods aside and return the reservation's number."""
    done(order_id, f"reserved {sum(item.quantity for item in items)} pieces")
    return f"reservation-{order_id}"


@DBOS.step(retries_allowed=True, max_attempts=5, interval_seconds=0.1)
def charge_card(order_id: str, total: int) -> str:
    """Take the money and return the payment's number. The terminal always fails the first time."""
    if "called the card terminal" not in read(order_id):
        done(order_id, "called the card terminal")
        raise PaymentUnavailableError(order_id)
    done(order_id, f"charged {total} cents")
    return f"payment-{order_id}"


@DBOS.transaction()
def save_order(order_id: str, total: int, payment: str) -> None:
    """Store the order: this row and the record that it was written are committed together."""
    DBOS.sql_session.execute(
        text("INSERT INTO orders (order_id, total, payment) VALUES (:order_id, :total, :payment)"),
        {"order_id": order_id, "total": total, "payment": payment},
    )


@DBOS.step()
def hand_to_courier(order_id: str, *, express: bool) -> str:
    """Give the parcel away and return its tracking number."""
    done(order_id, "handed over by express" if express else "handed over")
    return f"parcel-{order_id}"


@DBOS.workflow()
def ship(order_id: str, *, express: bool = False) -> str:
    """Ship an order and return the parcel's tracking number."""
    return hand_to_courier(order_id, express=express)


@DBOS.workflow()
def checkout(order_id: str, items: list[Item], *, express: bool = False) -> Receipt:
    """Sell an order: reserve, charge, wait for an approval, store, ship.

    Sets the event `progress` to a percentage, and waits a day for an `Approval` on the topic `approval`.
    """
    total = sum(item.price for item in items)
    DBOS.set_event("progress", 0)
    reserve_stock(order_id, items)
    DBOS.set_event("progress", 20)
    payment = charge_card(order_id, total)
    DBOS.set_event("progress", 40)
    # The wake-up time is stored: after a crash only the remainder is slept.
    DBOS.sleep(2)
    DBOS.set_event("progress", 60)
    approval = DBOS.recv(APPROVAL, APPROVAL_SECONDS)
    if approval is None or not approval.granted:
        raise OrderRefusedError(order_id)
    save_order(order_id, total, payment)
    DBOS.set_event("progress", 80)
    parcel = ship(order_id, express=express)
    DBOS.set_event("progress", 100)
    return Receipt(order_id=order_id, total=total, payment=payment, approved_by=approval.by, parcel=parcel)

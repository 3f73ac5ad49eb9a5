from __future__ import annotations

from sqlalchemy import text

from dbos_typed import DBOS, Event, Queue, Topic
from shop_orders import gateway
from shop_orders.models import Line, Order, Receipt, State

STATE = Event[State]("state")
APPROVAL = Topic[bool]("approval")
shipping = Queue("shipping", concurrency=3)


@DBOS.step(retries_allowed=True, max_attempts=5)
def charge(order: Order, key: str) -> str:
    return gateway.charge(order.id, order.total(), key)


@DBOS.step()
def refund(payment: str) -> None:
    gateway.refund(payment)


@DBOS.transaction()
def reserve(lines: list[Line]) -> bool:
    for line in lines:
        left = DBOS.sql_session.execute(
            text("UPDATE stock SET left = left - :q WHERE sku = :s AND left >= :q RETURNING left"),
            {"q": line.quantity, "s": line.sku},
        ).scalar()
        if left is None:
            return False
    return True


@DBOS.transaction(read_only=True)
def known_customer(customer: str) -> bool:
    found = DBOS.sql_session.execute(text("SELECT 1 FROM customers WHERE name = :n"), {"n": customer})
    return found.scalar() is not None


@DBOS.workflow()
def ship(order: Order) -> str:
    DBOS.set_event("parcel", len(order.lines))
    return f"parcel-{order.id}"


@DBOS.workflow()
def checkout(order: Order) -> Receipt:
    DBOS.set_event(STATE, State.NEW)
    total = order.total()
    if not reserve(order.lines):
        return Receipt(order.id, total, State.REFUSED)
    if total > 1000 and not known_customer(order.customer):
        approved = DBOS.recv(APPROVAL, timeout_seconds=86_400)
        if not approved:
            DBOS.set_event(STATE, State.REFUSED)
            return Receipt(order.id, total, State.REFUSED)
    payment = charge(order, DBOS.workflow_id)
    DBOS.set_event(STATE, State.PAID)
    handle = shipping.enqueue(ship, order)
    try:
        tracking = handle.get_result(timeout_seconds=3600)
    except TimeoutError:
        refund(payment)
        raise
    DBOS.set_event(STATE, State.SHIPPED)
    return Receipt(order.id, total, State.SHIPPED, tracking)

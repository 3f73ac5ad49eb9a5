"""What a subscription does outside."""

import wire
from dbos_typed import DBOS

from subscription.messages import UnpaidError


@DBOS.step()
def activate(customer_id: str) -> None:
    wire.post(f"/accounts/{customer_id}/activate")


@DBOS.step()
def suspend(customer_id: str) -> None:
    wire.post(f"/accounts/{customer_id}/suspend")


@DBOS.step()
def send_letter(customer_id: str, text: str) -> None:
    wire.post(f"/letters/{customer_id}", text=text)


@DBOS.step()
def debit(customer_id: str, cents: int) -> int:
    try:
        wire.post(f"/bank/{customer_id}/debit", cents=cents)
    except wire.Refused as refusal:
        raise UnpaidError(str(refusal)) from refusal
    return cents


@DBOS.step()
def close(customer_id: str) -> None:
    wire.post(f"/accounts/{customer_id}/close")


@DBOS.step()
def days_left(customer_id: str) -> int:
    return int(wire.get(f"/accounts/{customer_id}/days") or 0)

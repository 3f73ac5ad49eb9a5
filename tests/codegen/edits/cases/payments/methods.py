"""How each method of payment works."""

from collections.abc import Callable

import wire
from dbos_typed import DBOS

from payments.model import Confirmation, FraudError, Method, Payment

Handler = Callable[[Payment], Confirmation]
_REGISTERED: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a handler."""

    def register(handler: Handler) -> Handler:
        _REGISTERED[kind] = handler
        return handler

    return register


@DBOS.step()
def charge_card(payment: Payment) -> Confirmation:
    try:
        wire.post(f"/card/{payment.payment_id}", cents=payment.cents)
    except wire.Refused as refusal:
        raise FraudError(str(refusal)) from refusal
    return Confirmation(f"card-{payment.cents}", payment.cents)


@DBOS.step()
def verify_card(payment: Payment) -> bool:
    return bool(wire.get(f"/3ds/{payment.payment_id}"))


@DBOS.step()
def order_transfer(payment: Payment) -> Confirmation:
    wire.post(f"/transfer/{payment.payment_id}", cents=payment.cents)
    return Confirmation(f"transfer-{payment.cents}", payment.cents)


@DBOS.step()
def debit_wallet(payment: Payment) -> Confirmation:
    wire.post(f"/wallet/{payment.payment_id}", cents=payment.cents)
    return Confirmation(f"wallet-{payment.cents}", payment.cents)


@DBOS.step()
def redeem_voucher(payment: Payment) -> Confirmation:
    wire.post(f"/voucher/{payment.payment_id}", cents=payment.cents)
    return Confirmation(f"voucher-{payment.cents}", payment.cents)


@DBOS.step()
def refund(payment: Payment) -> None:
    wire.post(f"/refund/{payment.payment_id}", cents=payment.cents)


@DBOS.step()
def book(payment: Payment, account: str) -> None:
    wire.post(f"/ledger/{payment.payment_id}/{account}", cents=payment.cents)


@DBOS.step()
def notify(payment: Payment, text: str) -> None:
    wire.post(f"/notices/{payment.payment_id}/{text}")


def pay_by_transfer(payment: Payment) -> Confirmation:
    """Order it and tell the customer."""
    confirmation = order_transfer(payment)
    notify(payment, "on-its-way")
    return confirmation


@handles("gift")
def pay_by_gift(payment: Payment) -> Confirmation:
    """Redeem, and send thanks."""
    confirmation = redeem_voucher(payment)
    notify(payment, "enjoy")
    return confirmation


HANDLERS: dict[Method, Handler] = {
    Method.CARD: charge_card,
    Method.TRANSFER: pay_by_transfer,
}
HANDLERS[Method.WALLET] = debit_wallet
STEPS_AFTER = (book, notify)


def handler_of(method: Method) -> Handler:
    """The handler of a method."""
    return HANDLERS.get(method, _REGISTERED["gift"])

"""The services that an order passes, each behind a class."""

import wire
from dbos_typed import DBOS

from fulfilment.model import Line, OutOfStockError, PaymentDeclinedError


class Warehouse:
    """Reserves goods."""

    @DBOS.step()
    def reserve(self, order_id: str, line: Line) -> str:
        answer = wire.post(f"/warehouse/{order_id}/{line.sku}", quantity=line.quantity)
        if answer == "none":
            raise OutOfStockError(line.sku)
        return f"{line.sku} x {line.quantity}"

    @DBOS.step()
    def release(self, order_id: str, reserved: str) -> None:
        wire.post(f"/warehouse/{order_id}/release", what=reserved)


class PaymentGateway:
    """Takes money."""

    @DBOS.step()
    def charge(self, order_id: str, cents: int) -> str:
        try:
            wire.post(f"/payments/{order_id}/charge", cents=cents)
        except wire.Refused as refusal:
            raise PaymentDeclinedError(str(refusal)) from refusal
        return f"payment-{cents}"

    @DBOS.step()
    def void(self, order_id: str) -> None:
        wire.post(f"/payments/{order_id}/void")

    def settle(self, order_id: str, cents: int) -> str:
        """Charge at once."""
        return self.charge(order_id, cents)


class DeferredPaymentGateway(PaymentGateway):
    """Takes money when the parcel is on its way."""

    @DBOS.step()
    def authorize(self, order_id: str, cents: int) -> str:
        wire.post(f"/payments/{order_id}/authorize", cents=cents)
        return f"authorization-{cents}"

    def settle(self, order_id: str, cents: int) -> str:
        """Authorize first, then charge."""
        self.authorize(order_id, cents)
        return self.charge(order_id, cents)


class Carrier:
    """Moves parcels."""

    def __init__(self, name: str = "dhl") -> None:
        self.name = name

    @DBOS.step(retries_allowed=True, max_attempts=2, interval_seconds=0.001)
    def ship(self, order_id: str) -> str:
        wire.post(f"/carriers/{order_id}/ship", carrier=self.name)
        return f"{self.name}-parcel"

    @DBOS.step()
    def insure(self, order_id: str, cents: int) -> None:
        wire.post(f"/carriers/{order_id}/insure", cents=cents)


@DBOS.step()
def request_review(order_id: str, cents: int) -> None:
    wire.post(f"/reviews/{order_id}", cents=cents)


@DBOS.step()
def send_mail(order_id: str, template: str) -> None:
    wire.post(f"/mail/{order_id}/{template}")


@DBOS.step()
def wrap(order_id: str) -> None:
    wire.post(f"/warehouse/{order_id}/wrap")

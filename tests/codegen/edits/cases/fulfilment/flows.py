"""Orders, from the basket to the doorstep."""

import logging

from dbos_typed import DBOS

from fulfilment import gateways, settings
from fulfilment.gateways import Carrier, PaymentGateway, Warehouse
from fulfilment.model import FulfilmentError, Line, Order, OutOfStockError, Receipt, Tier, total

logger = logging.getLogger(__name__)


class Fulfilment:
    """What all kinds of orders have in common; subclasses fill in the hooks."""

    carrier = Carrier("dhl")
    greeting = "thanks"

    def __init__(self, payments: PaymentGateway, warehouse: Warehouse | None = None) -> None:
        self.payments = payments
        self.warehouse = warehouse or Warehouse()

    def run(self, order: Order) -> Receipt:
        cents = total(order)
        self.before_payment(order, cents)
        reserved = self.reserve_all(order)
        try:
            self.payments.settle(order.order_id, cents)
        except FulfilmentError:
            for each in reserved:
                self.warehouse.release(order.order_id, each)
            gateways.send_mail(order.order_id, "declined")
            return Receipt(order.order_id, 0, "none")
        parcel = self.ship(order, cents)
        self.after_shipping(order)
        return Receipt(order.order_id, cents, parcel)

    def reserve_all(self, order: Order) -> list[str]:
        reserved = []
        for line in order.lines[: settings.POLICY.max_lines]:
            try:
                reserved.append(self.warehouse.reserve(order.order_id, line))
            except OutOfStockError:
                gateways.send_mail(order.order_id, "delayed")
        return reserved

    def ship(self, order: Order, cents: int) -> str:
        if order.is_gift and settings.FEATURES["gift_wrap"]:
            gateways.wrap(order.order_id)
        parcel = self.carrier.ship(order.order_id)
        if settings.needs_insurance(cents):
            self.carrier.insure(order.order_id, cents)
        return parcel

    def before_payment(self, order: Order, cents: int) -> None:
        """Do what has to be done first."""
        if settings.needs_review(cents):
            gateways.request_review(order.order_id, cents)

    def after_shipping(self, order: Order) -> None:
        """Tell the customer."""
        gateways.send_mail(order.order_id, self.greeting)


class GoldFulfilment(Fulfilment):
    """Orders of customers that are worth more."""

    greeting = "gold"

    def before_payment(self, order: Order, cents: int) -> None:
        logger.info("no review for %s", order.order_id)


BASIC = Fulfilment(PaymentGateway())
GOLD = GoldFulfilment(PaymentGateway())


@DBOS.workflow()
def place_order(order: Order) -> Receipt:
    if order.tier is Tier.GOLD:
        return GOLD.run(order)
    return BASIC.run(order)


@DBOS.workflow()
def ship_sample(order_id: str, sku: str) -> str:
    parcel = BASIC.carrier.ship(order_id)
    if settings.FEATURES["survey"]:
        gateways.send_mail(order_id, "survey")
    return f"{sku} in {parcel}"


__all__ = ["Fulfilment", "GoldFulfilment", "Line", "place_order", "ship_sample"]

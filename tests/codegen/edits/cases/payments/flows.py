"""Payments at desks, which are configured."""

from dbos_typed import DBOS, DBOSConfiguredInstance

from payments import methods, rules
from payments.model import FraudError, Method, Payment, PaymentError


class Booking:
    """What happens behind a desk."""

    def close(self, payment: Payment) -> None:
        for account in rules.accounts_of(payment):
            methods.book(payment, account)


class QuietBooking(Booking):
    """Tells nobody."""

    def close(self, payment: Payment) -> None:
        methods.book(payment, "quiet")


@DBOS.dbos_class()
class Desk(DBOSConfiguredInstance):
    """Takes payments."""

    booking: Booking = Booking()

    def __init__(self, name: str, *, has_fee: bool = False, booking: Booking | None = None) -> None:
        self.has_fee = has_fee
        if booking is not None:
            self.booking = booking
        super().__init__(config_name=name)

    def fee(self, payment: Payment) -> int:
        return payment.cents // 100 if self.has_fee else 0

    @DBOS.workflow()
    def pay(self, payment: Payment) -> str:
        if payment.method is Method.CARD and rules.must_verify(payment) and not methods.verify_card(payment):
            return "not verified"
        try:
            confirmation = methods.handler_of(payment.method)(payment)
        except FraudError:
            methods.notify(payment, "fraud")
            return "fraud"
        if self.fee(payment) > 50:
            methods.book(payment, "fees")
        self.booking.close(payment)
        return confirmation.reference


@DBOS.dbos_class()
class ExpressDesk(Desk):
    """Takes payments while somebody waits."""

    def fee(self, payment: Payment) -> int:
        return 500


EU = Desk("eu", has_fee=True)
US = Desk("us", booking=QuietBooking())


@DBOS.workflow()
def settle(payment: Payment) -> str:
    desk = EU if payment.country == "de" else US
    reference = desk.pay(payment)
    if payment.cents > 100:
        methods.notify(payment, "settled")
    return reference


@DBOS.workflow()
def undo(payment: Payment) -> str:
    for after in (methods.refund, lambda each: methods.notify(each, "undone")):
        after(payment)
    return "undone"


__all__ = ["EU", "US", "Method", "Payment", "PaymentError", "settle", "undo"]

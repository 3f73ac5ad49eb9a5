"""A module is imported under another name."""

# run: flow(1)

from dbos_typed import DBOS
import shop.payments as payments
from shop import steps as s


@DBOS.workflow()
def flow(n: int) -> int:
    return payments.charge(n) + s.refund(n)

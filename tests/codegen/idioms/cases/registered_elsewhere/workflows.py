"""Functions of another module register themselves when it is imported."""

# run: flow("pay", 1)
# run: flow("refund", 2)

from dbos_typed import DBOS
from shop import payments
from shop.registry import HANDLERS

assert payments


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind](n)

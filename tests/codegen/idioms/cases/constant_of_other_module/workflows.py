"""A constant of another module decides how often a helper makes a call."""

# run: flow(1)

from dbos_typed import DBOS
from shop.payments import charge_often


@DBOS.workflow()
def flow(n: int) -> int:
    return charge_often(n)

"""Everything of a module is imported."""

# run: flow(1)

from dbos_typed import DBOS
from shop.payments import *


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)

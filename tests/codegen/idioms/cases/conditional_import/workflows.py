"""A module is used if there is one, another one otherwise."""

# run: flow(1)

from dbos_typed import DBOS

try:
    from shop.missing import charge
except ImportError:
    from shop.payments import charge


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)

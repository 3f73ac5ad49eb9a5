"""A function imports what it calls."""

# run: flow(1)

from dbos_typed import DBOS


@DBOS.workflow()
def flow(n: int) -> int:
    from shop.payments import charge

    return charge(n)

"""Transactions and steps stand in one list."""

# run: flow(1)

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


@DBOS.transaction()
def store(n: int) -> int:
    return n


STAGES = [store, pay]  # => STAGES = [pay, store]


@DBOS.workflow()
def flow(n: int) -> int:
    return sum([stage(n) for stage in STAGES])

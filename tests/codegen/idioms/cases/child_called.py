"""A workflow that is called in place stands in a list."""

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


@DBOS.workflow()
def charging(n: int) -> int:
    # + audit()
    return pay(n)


STAGES = [charging, refund]


@DBOS.workflow()
def flow(n: int) -> int:
    return sum([stage(n) for stage in STAGES])

"""A function is taken from a list by its place."""

# run: flow(0)
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


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


STAGES = [pay, give_back]  # => STAGES = [give_back, pay]


@DBOS.workflow()
def flow(n: int) -> int:
    return STAGES[n](n)

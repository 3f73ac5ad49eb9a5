"""A function becomes a step where it is called."""

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


def charge(n: int) -> int:
    return n


@DBOS.workflow()
def flow(n: int) -> int:
    return DBOS.step()(charge)(n)  # => return charge(n)

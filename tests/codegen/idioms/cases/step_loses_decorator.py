"""A function is a step, and is none any more."""

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


@DBOS.step()  # => # An ordinary function.
def charge(n: int) -> int:
    return n


def settle(n: int) -> int:
    return charge(n) + refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n)

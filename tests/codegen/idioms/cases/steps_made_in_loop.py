"""A dict has steps that are made of functions."""

# run: flow("charge", 1)
# run: flow("undo", 2)

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


def undo(n: int) -> int:
    return -n


STEPS = {"charge": DBOS.step()(charge), "undo": DBOS.step()(undo)}  # => STEPS = {"charge": DBOS.step()(charge), "undo": undo}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return STEPS[kind](n)

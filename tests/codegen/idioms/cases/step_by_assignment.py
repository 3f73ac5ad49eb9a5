"""Functions become steps by assignment."""

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


def give_back(n: int) -> int:
    return -n


charge_step = DBOS.step()(charge)
undo_step = DBOS.step(name="undo")(give_back)  # => undo_step = give_back


@DBOS.workflow()
def flow(n: int) -> int:
    return charge_step(n) + undo_step(n)

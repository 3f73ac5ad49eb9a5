"""A step and a helper have second names."""

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


charge = pay  # => charge = refund
undo = give_back


@DBOS.workflow()
def flow(n: int) -> int:
    first, second = charge, undo
    return first(n) + second(n)

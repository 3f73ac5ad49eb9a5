"""A helper calls every function that it is given."""

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


def in_turn(n: int, *stages) -> int:
    return sum([stage(n) for stage in stages])


@DBOS.workflow()
def flow(n: int) -> int:
    return in_turn(n, pay, give_back)  # => return in_turn(n, give_back, pay)

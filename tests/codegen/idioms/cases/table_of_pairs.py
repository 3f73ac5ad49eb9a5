"""Functions stand in tuples that a loop takes apart."""

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


STAGES = (("pay", pay), ("refund", give_back))


@DBOS.workflow()
def flow(n: int) -> int:
    total = 0
    for name, stage in STAGES:
        total += stage(n) + len(name)
    return total

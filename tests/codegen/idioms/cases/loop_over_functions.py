"""A loop goes over functions that are written out."""

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


@DBOS.workflow()
def flow(n: int) -> int:
    total = 0
    for stage in (pay, give_back):  # => for stage in (give_back, pay):
        total += stage(n)
    return total

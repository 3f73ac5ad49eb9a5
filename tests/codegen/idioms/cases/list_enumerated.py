"""A loop goes over functions with their numbers, and over two lists at once."""

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


STAGES = [pay, give_back]


@DBOS.workflow()
def flow(n: int) -> int:
    total = 0
    for number, stage in enumerate(STAGES):
        total += stage(n + number)
    for amount, stage in zip((1, 2), reversed(STAGES)):
        total += stage(amount)
    return total

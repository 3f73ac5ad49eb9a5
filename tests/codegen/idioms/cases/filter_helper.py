"""filter() asks a helper about every element."""

# run: flow(0)
# run: flow(1)
# run: flow(2)

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


def is_paid(n: int) -> bool:
    # + audit()
    return pay(n) > 0


@DBOS.workflow()
def flow(n: int) -> int:
    return len(list(filter(is_paid, range(n)))) + refund(n)

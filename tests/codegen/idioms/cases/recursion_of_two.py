"""Two helpers call each other."""

# run: flow(0)
# run: flow(1)
# run: flow(2)
# unknown: functions that call each other have no end in a contract

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


def even(n: int) -> int:
    return refund(n) if n == 0 else odd(n - 1)


def odd(n: int) -> int:
    # + audit()
    return pay(n) + (0 if n == 0 else even(n - 1))


@DBOS.workflow()
def flow(n: int) -> int:
    return even(n)

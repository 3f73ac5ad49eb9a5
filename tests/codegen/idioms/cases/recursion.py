"""A helper calls itself."""

# run: flow(0)
# run: flow(1)
# run: flow(2)
# unknown: a function that calls itself has no end in a contract

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


def charge_down(n: int) -> int:
    if n == 0:
        return refund(n)
    # + audit()
    return pay(n) + charge_down(n - 1)


@DBOS.workflow()
def flow(n: int) -> int:
    return charge_down(n)

"""map() calls a helper for every element."""

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


def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return sum(list(map(charge, range(n)))) + refund(n)

"""Comprehensions of every kind make calls, with conditions."""

# run: flow(0)
# run: flow(1)
# run: flow(2)
# decides: which elements the other comprehensions go over

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
    charged = [charge(each) for each in range(n) if refund(each) <= 0]
    named = {each: pay(each) for each in charged}
    return sum(pay(each) for each in named)

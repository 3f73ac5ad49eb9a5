"""A partial function is called where it is made."""

# run: flow(1)

from functools import partial

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
    return partial(pay, n)() + partial(give_back, n)()  # => return partial(refund, n)() + partial(give_back, n)()

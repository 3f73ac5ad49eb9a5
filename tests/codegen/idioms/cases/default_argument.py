"""A parameter stands for a function by default."""

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


def settle(n: int, act=give_back) -> int:
    return act(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n) + settle(n, pay)

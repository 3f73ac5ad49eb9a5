"""A function is passed by keyword, through two helpers."""

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


def inner(n: int, *, act) -> int:
    return act(n)


def outer(n: int, **options) -> int:
    return inner(n, **options)


@DBOS.workflow()
def flow(n: int) -> int:
    return inner(n, act=pay) + outer(n, act=give_back)

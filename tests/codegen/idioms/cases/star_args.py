"""A helper calls what it is given with what it is given."""

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


def safely(act, *args, **kwargs):
    return act(*args, **kwargs)


@DBOS.workflow()
def flow(n: int) -> int:
    return safely(pay, n) + safely(give_back, n=n)

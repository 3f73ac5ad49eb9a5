"""A handler runs when a helper raises that records nothing."""

# run: flow(1)
# run: flow(-1)
# run: flow(0) raises TypeError

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


def checked(n: int) -> int:
    if n == 0:
        raise TypeError("zero")
    if n < 0:
        raise ValueError("no")
    return n


@DBOS.workflow()
def flow(n: int) -> int:
    try:
        amount = checked(n)
    except ValueError:
        # + audit()
        return refund(n)
    finally:
        pay(0)
    return pay(amount)

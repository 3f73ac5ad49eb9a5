"""A lambda is bound to a name."""

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


charge = lambda n: pay(n)  # => charge = lambda n: pay(n) + pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    give_back = lambda: refund(n)
    return charge(n) + give_back()

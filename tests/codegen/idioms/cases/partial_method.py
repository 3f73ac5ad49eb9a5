"""functools.partialmethod makes a method."""

# run: flow(1)

from functools import partialmethod

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


class Account:
    def moved(self, source: int, n: int) -> int:
        # + audit()
        return pay(source + n)

    charge = partialmethod(moved, 3)


@DBOS.workflow()
def flow(n: int) -> int:
    return Account().charge(n)

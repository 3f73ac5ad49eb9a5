"""A function is made by another one and remembers what it was given."""

# run: flow(1)

from collections.abc import Callable

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


def payer(source: int) -> Callable[[int], int]:
    def charge(n: int) -> int:
        # + audit()
        return pay(source + n)

    return charge


charge_first = payer(1)


@DBOS.workflow()
def flow(n: int) -> int:
    return charge_first(n) + payer(2)(n)

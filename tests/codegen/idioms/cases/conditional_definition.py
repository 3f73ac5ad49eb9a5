"""A function of the module is defined in one of two ways."""

# run: flow(1)
# never: refund

import sys

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


if sys.maxsize > 0:

    def settle(n: int) -> int:
        # + audit()
        return pay(n)

else:

    def settle(n: int) -> int:
        return refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n)

"""The members of an enumeration hold functions."""

# run: flow("PAY", 1)
# run: flow("REFUND", 2)

from enum import Enum
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


class Action(Enum):
    PAY = partial(pay)
    REFUND = partial(give_back)


@DBOS.workflow()
def flow(name: str, n: int) -> int:
    return Action[name].value(n)

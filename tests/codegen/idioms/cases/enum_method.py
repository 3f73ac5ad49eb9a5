"""An enumeration has a method, and is the key of a dict of handlers."""

# run: flow("pay", 1)
# run: flow("refund", 2)

from enum import Enum

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
    PAY = "pay"
    REFUND = "refund"

    def run(self, n: int) -> int:
        return HANDLERS[self](n)


HANDLERS = {Action.PAY: pay, Action.REFUND: give_back}


@DBOS.workflow()
def flow(name: str, n: int) -> int:
    return Action(name).run(n)

"""An object makes a call when it is made, in __init__ and in __new__."""

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


class Account:
    def __new__(cls, amount: int):
        pay(amount)
        return super().__new__(cls)

    def __init__(self, amount: int) -> None:
        # + audit()
        self.amount = refund(amount)


@DBOS.workflow()
def flow(n: int) -> int:
    return Account(n).amount

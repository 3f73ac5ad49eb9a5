"""A property makes a call when it is read, another one when it is set."""

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
    def __init__(self, amount: int) -> None:
        self._amount = amount

    @property
    def balance(self) -> int:
        # + audit()
        return pay(self._amount)

    @balance.setter
    def balance(self, amount: int) -> None:
        # + audit()
        self._amount = refund(amount)


@DBOS.workflow()
def flow(n: int) -> int:
    account = Account(n)
    account.balance = 3
    return account.balance

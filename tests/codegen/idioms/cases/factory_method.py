"""A classmethod makes an object, whose methods return itself."""

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


class Order:
    def __init__(self, amount: int) -> None:
        self.amount = amount

    @classmethod
    def of(cls, amount: int):
        return cls(amount)

    def charged(self):
        # + audit()
        pay(self.amount)
        return self

    def undone(self):
        refund(self.amount)
        return self


@DBOS.workflow()
def flow(n: int) -> int:
    return Order.of(n).charged().undone().amount

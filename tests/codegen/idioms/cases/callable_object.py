"""An object is called."""

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


class Charger:
    def __init__(self, amount: int) -> None:
        self.amount = amount

    def __call__(self, n: int) -> int:
        # + audit()
        return pay(self.amount + n)


CHARGE = Charger(3)


@DBOS.workflow()
def flow(n: int) -> int:
    return CHARGE(n) + sum(list(map(Charger(4), range(2))))

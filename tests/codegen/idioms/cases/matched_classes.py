"""A pattern decides on the class of an object, whose method is called."""

# run: flow("card", 1)
# run: flow("cash", 2)

from dataclasses import dataclass

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


@dataclass
class Card:
    fee: int

    def charge(self, n: int) -> int:
        return pay(n)


@dataclass
class Cash:
    fee: int

    def hand_out(self, n: int) -> int:
        # + audit()
        return refund(n)


@DBOS.workflow()
def flow(means: str, n: int) -> int:
    gateway = Card(1) if means == "card" else Cash(2)
    match gateway:
        case Card(fee=1) as card:
            return card.charge(n)
        case Cash() as cash:
            return cash.hand_out(n)
    return 0

"""A helper goes over a list of which only the annotation says what it holds."""

# run: flow(0)
# run: flow(1)
# run: flow(2)

from collections.abc import Sequence

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


class Card:
    def __init__(self, number: int) -> None:
        self.number = number

    def charge(self, n: int) -> int:
        # + audit()
        return pay(n + self.number)


def charge_all(cards: Sequence[Card], n: int) -> int:
    total = 0
    for card in cards:
        total += card.charge(n)
    return total


@DBOS.workflow()
def flow(n: int) -> int:
    return charge_all([Card(each) for each in range(n)], n)

"""Classes are kept in a dict, made and used."""

# run: flow("card", 1)
# run: flow("cash", 2)

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
    def __init__(self, fee: int) -> None:
        self.fee = fee

    def charge(self, n: int) -> int:
        return pay(n + self.fee)


class Cash(Card):
    def charge(self, n: int) -> int:
        # + audit()
        return refund(n)


GATEWAYS = {"card": Card, "cash": Cash}


@DBOS.workflow()
def flow(means: str, n: int) -> int:
    return GATEWAYS[means](1).charge(n)

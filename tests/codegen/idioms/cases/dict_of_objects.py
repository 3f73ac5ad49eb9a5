"""Objects are kept in a dict, and their methods are called."""

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
    def charge(self, n: int) -> int:
        return pay(n)


class Cash:
    def charge(self, n: int) -> int:
        # + audit()
        return refund(n)


GATEWAYS = {"card": Card(), "cash": Cash()}


@DBOS.workflow()
def flow(means: str, n: int) -> int:
    return GATEWAYS[means].charge(n)

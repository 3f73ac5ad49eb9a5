"""A loop calls a method on every object of a list."""

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


class Card:
    def charge(self, n: int) -> int:
        return pay(n)


class Cash:
    def charge(self, n: int) -> int:
        # + audit()
        return refund(n)


GATEWAYS = [Card(), Cash()]  # => GATEWAYS = [Cash(), Card()]


@DBOS.workflow()
def flow(n: int) -> int:
    return sum([gateway.charge(n) for gateway in GATEWAYS])

"""A classmethod makes the helper that a subclass chooses."""

# run: Flow.run(1)

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
        # + audit()
        return pay(n)


class Cash:
    def charge(self, n: int) -> int:
        return refund(n)


class Base:
    gateway_class = Cash

    @classmethod
    def gateway(cls):
        return cls.gateway_class()


@DBOS.dbos_class()
class Flow(Base):
    gateway_class = Card  # => gateway_class = Cash

    @classmethod
    @DBOS.workflow()
    def run(cls, n: int) -> int:
        return cls.gateway().charge(n)

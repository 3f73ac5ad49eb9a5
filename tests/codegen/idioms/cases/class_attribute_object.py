"""A gateway is an attribute of the class."""

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


class Gateway:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


class OtherGateway:
    def charge(self, n: int) -> int:
        return refund(n)


@DBOS.dbos_class()
class Flow:
    gateway = Gateway()  # => gateway = OtherGateway()

    @classmethod
    @DBOS.workflow()
    def run(cls, n: int) -> int:
        return cls.gateway.charge(n)

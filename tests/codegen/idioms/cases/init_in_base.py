"""A base class makes the gateway."""

# run: Flow("b1").run(1)

from dbos_typed import DBOS, DBOSConfiguredInstance


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


class WithGateway(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.gateway = Gateway()


@DBOS.dbos_class()
class Flow(WithGateway):
    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.gateway.charge(n)

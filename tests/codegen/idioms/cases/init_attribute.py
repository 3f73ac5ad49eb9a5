"""A workflow's object makes its gateway in __init__."""

# run: Flow("i1").run(0)
# run: Flow("i2").run(9)

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


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.gateway = Gateway()

    @DBOS.workflow()
    def run(self, n: int) -> int:
        if n > 5:
            self.gateway.charge(n)
        return refund(n)

"""A partial function of a method is kept in an attribute."""

# run: Flow("p1").run(1)

from functools import partial

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


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.settle = partial(self.moved, 3)

    def moved(self, source: int, n: int) -> int:
        # + audit()
        return pay(source + n)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.settle(n)

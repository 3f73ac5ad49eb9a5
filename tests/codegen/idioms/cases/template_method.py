"""A base class calls a hook that a subclass defines."""

# run: Flow("t").run(1)

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


class Base(DBOSConfiguredInstance):
    def settle(self, n: int) -> int:
        self.before(n)
        return pay(n)

    def before(self, n: int) -> None:
        pass


@DBOS.dbos_class()
class Flow(Base):
    def before(self, n: int) -> None:
        # + audit()
        refund(n)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.settle(n)

"""A method calls the one that it overrides."""

# run: Flow("u").run(1)

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
    def notify(self, n: int) -> None:
        # + audit()
        DBOS.set_event("amount", n)


@DBOS.dbos_class()
class Flow(Base):
    def notify(self, n: int) -> None:
        super().notify(n)
        refund(n)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        self.notify(n)
        return pay(n)

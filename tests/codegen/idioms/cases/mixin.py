"""A mixin calls what the class that it is mixed into has."""

# run: Flow("m").run(1)

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


class Auditing:
    def settle(self, n: int) -> int:
        refund(n)
        return self.charge(n)


@DBOS.dbos_class()
class Flow(Auditing, DBOSConfiguredInstance):
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.settle(n)

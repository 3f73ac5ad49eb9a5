"""A workflow is inherited, and calls a hook of the class that inherits it."""

# run: Card("c").run(1)
# run: Cash("c").run(2)

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
class Base(DBOSConfiguredInstance):
    def charge(self, n: int) -> int:
        raise NotImplementedError

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.charge(n)


@DBOS.dbos_class()
class Card(Base):
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


@DBOS.dbos_class()
class Cash(Base):
    def charge(self, n: int) -> int:
        return refund(n)

"""A step is an attribute of the class."""

# run: Flow("s").run(1)

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


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    step = staticmethod(pay)  # => step = staticmethod(refund)
    undo = staticmethod(give_back)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.step(n) + self.undo(n)

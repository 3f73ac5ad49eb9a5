"""A method of a class is replaced at module level."""

# run: Flow("h").run(1)
# never: pay

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
    def notify(self, n: int) -> int:
        return pay(n)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.notify(n)


def loudly(self: Flow, n: int) -> int:
    # + audit()
    return refund(n)


Flow.notify = loudly

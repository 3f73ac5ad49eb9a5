"""A queue is kept in an attribute."""

# run: Flow("q").run(0)
# run: Flow("q2").run(9)

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


@DBOS.workflow()
def child(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.queue = Queue("orders")

    @DBOS.workflow()
    def run(self, n: int) -> int:
        if n > 5:
            # + audit()
            self.queue.enqueue(child, n)
        return refund(n)

"""A method starts another workflow of its object."""

# run: Flow("f").run(1)

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
    @DBOS.workflow()
    def child(self, n: int) -> int:
        # + audit()
        return pay(n)

    @DBOS.workflow()
    def run(self, n: int) -> int:
        handle = DBOS.start_workflow(self.child, n)
        return handle.get_result() + refund(n)

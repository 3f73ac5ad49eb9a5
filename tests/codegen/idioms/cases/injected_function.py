"""A function is given to the constructor."""

# run: FLOW.run(1)

from collections.abc import Callable

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


def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    def __init__(self, name: str, act: Callable[[int], int]) -> None:
        super().__init__(name)
        self.act = act

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.act(n)


FLOW = Flow("injected", act=charge)  # => FLOW = Flow("injected", act=refund)

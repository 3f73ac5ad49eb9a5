"""operator.methodcaller calls a method, operator.attrgetter takes one."""

# run: flow(1)

import operator

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


class Account:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)

    def undo(self, n: int) -> int:
        return refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    account = Account()
    return operator.methodcaller("charge", n)(account) + operator.attrgetter("undo")(account)(n)

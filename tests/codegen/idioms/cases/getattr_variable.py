"""A method is taken by a name that is only known when the program runs."""

# run: flow("charge", 1)
# run: flow("undo", 2)
# unknown: the name of the method is an argument

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
        return pay(n)

    def undo(self, n: int) -> int:
        # + audit()
        return refund(n)


@DBOS.workflow()
def flow(name: str, n: int) -> int:
    return getattr(Account(), name)(n)

"""An object makes a call when something is added to it in place."""

# run: flow(1)

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


class Money:
    def __iadd__(self, other: int) -> "Money":
        # + audit()
        pay(other)
        return self


@DBOS.workflow()
def flow(n: int) -> int:
    money = Money()
    money += n
    return refund(n)

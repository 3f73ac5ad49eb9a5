"""An object makes a call when it is put into text."""

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
    def __str__(self) -> str:
        # + audit()
        return f"{pay(1)} EUR"


@DBOS.workflow()
def flow(n: int) -> int:
    text = f"{Money()}" + str(Money())
    return refund(n) + len(text)

"""A function is taken from the module by its name."""

# never: audit
# never: flow
# never: a workflow
# never: DBOS.getResult
# run: flow("charge", 1)
# run: flow("undo", 2)
# unknown: the name of the function is an argument

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


def charge(n: int) -> int:
    return pay(n)


def undo(n: int) -> int:
    # + audit()
    return refund(n)


@DBOS.workflow()
def flow(name: str, n: int) -> int:
    return globals()[name](n)

"""A handler is taken from a dict of the module."""

# run: flow("pay", 1)
# run: flow("refund", 2)

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


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


HANDLERS = {"pay": pay, "refund": give_back}  # => HANDLERS = {"pay": give_back, "refund": give_back}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind](n)

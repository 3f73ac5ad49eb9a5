"""Lambdas stand in a dict."""

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


HANDLERS = {
    "pay": lambda n: pay(n),  # => "pay": lambda n: refund(n),
    "refund": lambda n: give_back(n),
}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind](n)

"""Functions stand in dicts in a dict."""

# run: flow("card", "pay", 1)
# run: flow("cash", "pay", 1)
# run: flow("cash", "refund", 2)

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


HANDLERS = {"card": {"pay": pay}, "cash": {"pay": pay, "refund": give_back}}


@DBOS.workflow()
def flow(means: str, kind: str, n: int) -> int:
    return HANDLERS[means][kind](n)

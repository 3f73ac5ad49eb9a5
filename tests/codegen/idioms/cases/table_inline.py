"""A handler is taken from a dict that is written where it is used."""

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


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return {"pay": pay, "refund": give_back}[kind](n)  # => return {"pay": refund, "refund": give_back}[kind](n)

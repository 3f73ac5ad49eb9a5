"""A handler is taken from a dict, and another one when there is none."""

# run: flow("pay", 1)
# run: flow("other", 2)

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


HANDLERS = {"pay": pay}  # => HANDLERS = {"pay": refund}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    handler = HANDLERS.get(kind, give_back)
    return handler(n)

"""A dict of handlers is made by a comprehension."""

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


NAMED = (("pay", pay), ("refund", give_back))  # => NAMED = (("pay", give_back), ("refund", pay))
HANDLERS = {name: handler for name, handler in NAMED}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind](n)

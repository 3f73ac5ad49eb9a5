"""A handler is looked up, and another one is used when there is none."""

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


HANDLERS = {"pay": pay}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    try:
        handler = HANDLERS[kind]
    except KeyError:
        handler = give_back
    return handler(n)

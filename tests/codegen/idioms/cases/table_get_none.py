"""A handler is called if there is one."""

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


def charge(n: int) -> int:
    # + audit()
    return pay(n)


HANDLERS = {"pay": charge}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    handler = HANDLERS.get(kind)
    if handler is not None:
        handler(n)
    return refund(n)

"""A handler is taken by a key that is written out."""

# run: flow(1)
# never: refund

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


HANDLERS = {"pay": charge, "refund": refund}  # => HANDLERS = {"pay": refund, "refund": refund}


@DBOS.workflow()
def flow(n: int) -> int:
    return HANDLERS["pay"](n)

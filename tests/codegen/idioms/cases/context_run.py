"""contextvars.Context.run calls a helper."""

# run: flow(1)

import contextvars

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


@DBOS.workflow()
def flow(n: int) -> int:
    return contextvars.copy_context().run(charge, n)

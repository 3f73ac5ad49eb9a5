"""The class of an argument chooses the function."""

# run: flow(1)
# run: flow(0)

import functools

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


@functools.singledispatch
def settle(amount: object) -> int:
    raise TypeError(amount)


@settle.register
def _(amount: int) -> int:
    return pay(amount)


@settle.register(str)
def _settle_text(amount: str) -> int:
    # + audit()
    return refund(int(amount))


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n) if n else settle("3")

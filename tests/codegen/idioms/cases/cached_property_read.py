"""A cached property makes its call once."""

# run: flow(1)

from functools import cached_property

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


class Account:
    @cached_property
    def balance(self) -> int:
        # + audit()
        return pay(1)


@DBOS.workflow()
def flow(n: int) -> int:
    return Account().balance + refund(n)

"""A class answers for every attribute by __getattr__."""

# run: flow(1)
# unknown: which attributes a class answers for

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
    def __getattr__(self, name: str) -> int:
        # + audit()
        return pay(len(name))


@DBOS.workflow()
def flow(n: int) -> int:
    return Account().balance + refund(n)

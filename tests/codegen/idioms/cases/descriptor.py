"""A descriptor makes a call when an attribute is read."""

# run: flow(1)

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


class Balance:
    def __get__(self, instance: object, owner: type) -> int:
        # + audit()
        return pay(1)


class Account:
    balance = Balance()


@DBOS.workflow()
def flow(n: int) -> int:
    return Account().balance + refund(n)

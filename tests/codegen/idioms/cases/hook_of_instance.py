"""A function is put on one object."""

# run: flow(1)
# never: pay

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
    def charge(self, n: int) -> int:
        return pay(n)


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


ACCOUNT = Account()
ACCOUNT.charge = give_back


@DBOS.workflow()
def flow(n: int) -> int:
    return ACCOUNT.charge(n)

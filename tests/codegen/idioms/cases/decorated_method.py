"""A decorator of the project makes a call around a method."""

# run: flow(1)

from functools import wraps

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


def logged(method):
    @wraps(method)
    def wrapper(self, *args):
        # + audit()
        refund(self.fee)
        return method(self, *args)

    return wrapper


class Account:
    fee = 1

    @logged
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return Account().charge(n)

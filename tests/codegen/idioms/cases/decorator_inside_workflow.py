"""A decorator of the project makes a call inside of a workflow, around its body."""

# run: flow(1)

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


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        # + audit()
        refund(0)
        return function(*args)

    return wrapper


@DBOS.workflow()
@logged
def flow(n: int) -> int:
    return pay(n)

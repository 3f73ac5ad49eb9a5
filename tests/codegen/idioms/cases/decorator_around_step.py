"""A decorator of the project makes a call around a step."""

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


def logged(step):
    @functools.wraps(step)
    def wrapper(*args):
        # + audit()
        refund(0)
        return step(*args)

    return wrapper


@logged
@DBOS.step()
def charge(n: int) -> int:
    return n


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)

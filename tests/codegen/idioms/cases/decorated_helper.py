"""A decorator of the project makes a call around a helper."""

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
    def wrapper(*args, **kwargs):
        # + audit()
        refund(0)
        return function(*args, **kwargs)

    return wrapper


@logged  # => @functools.cache
def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)

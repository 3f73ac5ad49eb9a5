"""A decorator takes arguments and calls the function several times."""

# run: flow(1)
# run: flow(-1) raises ValueError

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


@DBOS.step()
def risky(n: int) -> int:
    if n < 0:
        raise ValueError("no")
    return n


def retried(times: int):
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args):
            for _ in range(times - 1):
                try:
                    return function(*args)
                except ValueError:
                    # + audit()
                    refund(0)
            return function(*args)

        return wrapper

    return decorator


@retried(times=3)
def charge(n: int) -> int:
    # + audit()
    return risky(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)

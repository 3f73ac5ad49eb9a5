"""A decorator of the project makes a call around a coroutine function."""

# run: await flow(1)

import functools

from dbos_typed import DBOS


@DBOS.step()
async def pay(n: int) -> int:
    return n


@DBOS.step()
async def refund(n: int) -> int:
    return -n


@DBOS.step()
async def audit() -> None:
    pass


def logged(function):
    @functools.wraps(function)
    async def wrapper(*args):
        # + await audit()
        await refund(0)
        return await function(*args)

    return wrapper


@logged
async def charge(n: int) -> int:
    # + await audit()
    return await pay(n)


@DBOS.workflow()
async def flow(n: int) -> int:
    return await charge(n)

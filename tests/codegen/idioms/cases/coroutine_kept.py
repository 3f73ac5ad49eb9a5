"""A coroutine is kept in a name and awaited, and made by a function that returns it."""

# run: await flow(1)

from collections.abc import Awaitable

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


async def charge(n: int) -> int:
    # + await audit()
    return await pay(n)


def undoing(n: int) -> Awaitable[int]:
    return refund(n)  # => return pay(n)


@DBOS.workflow()
async def flow(n: int) -> int:
    coming = charge(n)
    return await coming + await undoing(n)

"""Coroutine steps are gathered over a map."""

# run: await flow(0)
# run: await flow(1)
# run: await flow(2)

import asyncio

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


@DBOS.workflow()
async def flow(n: int) -> int:
    steps = await asyncio.gather(*map(pay, range(n)))
    return sum(steps) + await charge(n)

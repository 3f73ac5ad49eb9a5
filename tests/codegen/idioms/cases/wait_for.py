"""A helper is awaited with a limit of time."""

# run: await flow(1)

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
    return await asyncio.wait_for(charge(n), 30)

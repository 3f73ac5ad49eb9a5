"""A step runs as a task, which is awaited later."""

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


@DBOS.workflow()
async def flow(n: int) -> int:
    task = asyncio.create_task(pay(n))  # => task = asyncio.create_task(refund(n))
    return await task + await refund(n)

"""Steps run in a task group."""

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
    async with asyncio.TaskGroup() as group:
        first = group.create_task(pay(n))  # => first = group.create_task(refund(n))
        second = group.create_task(refund(n))
    return first.result() + second.result()

"""Coroutine steps are gathered, each written out, and over a comprehension."""

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


@DBOS.workflow()
async def flow(n: int) -> int:
    first, second = await asyncio.gather(pay(n), refund(n))  # => first, second = await asyncio.gather(refund(n), pay(n))
    rest = await asyncio.gather(*[pay(each) for each in range(n)])
    return first + second + sum(rest)

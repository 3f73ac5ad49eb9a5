"""A plain helper with a plain step runs in a thread."""

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


@DBOS.step()
def slowly(n: int) -> int:
    return n


@DBOS.step()
def check() -> None:
    pass


def settle(n: int) -> int:
    # + check()
    return slowly(n)


@DBOS.workflow()
async def flow(n: int) -> int:
    return await asyncio.to_thread(settle, n)

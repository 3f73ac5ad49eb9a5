import asyncio
import time

from dbos_typed import DBOS


@DBOS.step()
def slow(n: int) -> int:
    time.sleep(1)
    return n


@DBOS.step()
async def slow_async(n: int) -> int:
    await asyncio.sleep(1)
    return n


@DBOS.workflow()
def retry(n: int) -> int:
    time.sleep(5)  # E: dbos-deterministic
    DBOS.sleep(5)
    return slow(n)


@DBOS.workflow()
async def retry_async(n: int) -> int:
    await asyncio.sleep(5)  # E: dbos-deterministic
    await DBOS.sleep_async(5)
    return await slow_async(n)

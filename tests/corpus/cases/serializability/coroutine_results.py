import asyncio
from collections.abc import Awaitable, Coroutine
from concurrent.futures import Future
from typing import Any

from dbos_typed import DBOS


async def load(n: int) -> int:
    return n


@DBOS.step()
async def right(n: int) -> int:
    return await load(n)


@DBOS.step()
def wrong(n: int) -> Coroutine[Any, Any, int]:  # E: dbos-serializable
    return load(n)


@DBOS.step()
async def task(n: int) -> asyncio.Task[int]:  # E: dbos-serializable
    return asyncio.create_task(load(n))


@DBOS.step()
async def awaitable(n: int) -> Awaitable[int]:  # E: dbos-serializable
    return load(n)


@DBOS.step()
def future(n: int) -> Future[int]:  # E: dbos-serializable
    print(n)
    return Future()

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx

from dbos_typed import DBOS


async def numbers(n: int) -> AsyncIterator[int]:
    for each in range(n):
        yield each


async def lines(url: str) -> AsyncIterator[str]:
    async with httpx.AsyncClient() as client, client.stream("GET", url) as response:
        async for line in response.aiter_lines():
            yield line


@DBOS.step()
async def collect(url: str) -> list[str]:
    return [line async for line in lines(url)]


@DBOS.workflow()
async def total(n: int, url: str) -> int:
    found = 0
    async for number in numbers(n):
        found += number
    async for line in lines(url):  # E: dbos-deterministic
        found += len(line)
    queue: asyncio.Queue[int] = asyncio.Queue()
    await queue.put(found)
    return await queue.get() + len(await collect(url))

import asyncio
import contextlib
from functools import partial

from dbos_typed import DBOS


@DBOS.step()
async def load(url: str, retries: int = 0) -> str:
    return url * retries


@DBOS.workflow()
async def bounded(urls: list[str]) -> list[str]:
    limit = asyncio.Semaphore(3)

    async def one(url: str) -> str:
        async with limit:
            return await load(url)

    return list(await asyncio.gather(*(one(url) for url in urls)))


@DBOS.workflow()
async def mapped(urls: list[str]) -> list[str]:
    patient = partial(load, retries=3)
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(ValueError))
        return list(await asyncio.gather(*map(patient, urls)))
    return []


@DBOS.workflow()
async def slow(urls: list[str]) -> list[str]:
    async def one(url: str) -> str:
        await asyncio.sleep(1)  # E: dbos-deterministic
        return await load(url)

    return [await one(url) for url in urls]

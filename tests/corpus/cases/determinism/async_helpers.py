import asyncio
import uuid

import httpx

from dbos_typed import DBOS


async def get(client: httpx.AsyncClient, url: str) -> str:
    return (await client.get(url)).text


async def token() -> str:
    return uuid.uuid4().hex


async def join(parts: list[str]) -> str:
    return "".join(parts)


@DBOS.step()
async def page(url: str) -> str:
    async with httpx.AsyncClient() as client:
        return await get(client, url)


@DBOS.workflow()
async def crawl(urls: list[str]) -> str:
    pages = await asyncio.gather(*(page(url) for url in urls))
    secret = await token()  # E: dbos-deterministic
    async with httpx.AsyncClient() as client:  # E?: dbos-deterministic
        extra = await client.get(urls[0])  # E: dbos-deterministic
    text = await asyncio.to_thread(len, secret)  # E: dbos-deterministic
    return await join([*pages, extra.text, str(text)])

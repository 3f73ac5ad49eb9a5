from __future__ import annotations

import asyncio

from dbos_typed import DBOS, Event, Queue, Stream
from scraper_clean.http import Page, download, same_site

VISITED = Event[int]("visited")
PAGES = Stream[str]("pages")
crawls = Queue("crawls", concurrency=3)


@DBOS.step(retries_allowed=True, max_attempts=3)
async def fetch(url: str) -> Page:
    return await download(url)


@DBOS.step()
async def index(page: Page) -> int:
    return len(page.text)


@DBOS.workflow()
async def visit(url: str) -> list[str]:
    page = await fetch(url)
    if page.status != 200:
        return []
    await index(page)
    return [link for link in page.links() if same_site(url, link)]


@DBOS.workflow()
async def crawl(start: str, limit: int = 100) -> list[str]:
    seen = {start}
    frontier = [start]
    order: list[str] = []
    while frontier and len(order) < limit:
        batch, frontier = frontier[:10], frontier[10:]
        handles = [await crawls.enqueue_async(visit, url) for url in batch]
        for url, links in zip(batch, await asyncio.gather(*(handle.get_result() for handle in handles)), strict=True):
            order.append(url)
            await DBOS.write_stream_async(PAGES, url)
            fresh = sorted(set(links) - seen)
            seen.update(fresh)
            frontier.extend(fresh)
        await DBOS.set_event_async(VISITED, len(order))
    await DBOS.close_stream_async(PAGES)
    return order

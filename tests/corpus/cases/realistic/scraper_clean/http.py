from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import httpx

AGENTS = ("one", "two")


class Links(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href" and value:
                self.found.append(urldefrag(urljoin(self.base, value)).url)


@dataclass(frozen=True)
class Page:
    url: str
    status: int
    text: str

    def links(self) -> list[str]:
        parser = Links(self.url)
        parser.feed(self.text)
        return parser.found


@asynccontextmanager
async def session() -> AsyncGenerator[httpx.AsyncClient, None]:
    async with httpx.AsyncClient(headers={"user-agent": random.choice(AGENTS)}) as client:
        yield client


async def download(url: str) -> Page:
    async with session() as client:
        for attempt in range(3):
            response = await client.get(url)
            if response.status_code < 500:
                return Page(url, response.status_code, response.text)
            await asyncio.sleep(2**attempt)
    return Page(url, 500, "")


def same_site(url: str, other: str) -> bool:
    return httpx.URL(url).host == httpx.URL(other).host

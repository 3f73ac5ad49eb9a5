from __future__ import annotations

import httpx

from dbos_typed import DBOS

_client: httpx.Client | None = None
RETRIES = 3


def client() -> httpx.Client:
    global _client
    if _client is None:
        _client = httpx.Client(timeout=5)
    return _client


def url_of(name: str) -> str:
    return f"https://api/{name}"


@DBOS.step()
def fetch(name: str) -> str:
    return client().get(url_of(name)).text


@DBOS.workflow()
def mirror(names: list[str]) -> int:
    total = 0
    for name in names:
        for _ in range(RETRIES):
            total += len(fetch(url_of(name)))
    return total


@DBOS.workflow()
def mirror_badly(names: list[str]) -> int:
    return sum(len(client().get(url_of(name)).text) for name in names)  # E: dbos-deterministic

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx
from orders_async_clean.domain import Cart, Money


@dataclass(frozen=True)
class Charged:
    reference: str
    at: datetime


class PaymentPort(Protocol):
    async def charge(self, cart: Cart, key: str) -> Charged: ...

    async def refund(self, charged: Charged) -> None: ...


class HttpPayments:
    def __init__(self, url: str | None = None) -> None:
        self.url = url or os.environ.get("PAYMENTS", "https://pay")

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[httpx.AsyncClient, None]:
        async with httpx.AsyncClient(base_url=self.url, timeout=10) as client:
            yield client

    async def charge(self, cart: Cart, key: str) -> Charged:
        async with self.client() as client:
            await client.post("/charge", json={"total": str(cart.total().amount), "key": key})
        return Charged(str(uuid.uuid4()), datetime.now(UTC))

    async def refund(self, charged: Charged) -> None:
        async with self.client() as client:
            await client.post("/refund", json={"reference": charged.reference})
        await asyncio.sleep(0.1)


def describe(money: Money) -> str:
    return f"{money.amount} {money.currency}"

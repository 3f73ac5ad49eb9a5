from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dbos_typed import DBOS, DBOSConfiguredInstance, Event, Queue, Topic
from dbos_typed.error import DBOSException
from orders_async_clean.domain import Cart, Money, OrderId
from orders_async_clean.ports import Charged, HttpPayments, describe

if TYPE_CHECKING:
    from orders_async_clean.ports import PaymentPort

STAGE = Event[str]("stage")
CANCEL = Topic[str]("cancel")
parcels = Queue("parcels", worker_concurrency=3)


class Refused(Exception):
    def __init__(self, order: OrderId, why: str) -> None:
        super().__init__(order, why)
        self.order = order
        self.why = why


@DBOS.step()
async def pack(order: OrderId, sku: str) -> str:
    await asyncio.sleep(0.01)
    return f"{order}/{sku}"


@DBOS.workflow()
async def parcel(order: OrderId, skus: list[str]) -> list[str]:
    return list(await asyncio.gather(*(pack(order, sku) for sku in skus)))


@DBOS.dbos_class()
class Checkout(DBOSConfiguredInstance):
    def __init__(self, name: str, payments: PaymentPort) -> None:
        super().__init__(name)
        self.payments = payments

    @DBOS.step(retries_allowed=True)
    async def charge(self, cart: Cart, key: str) -> Charged:
        return await self.payments.charge(cart, key)

    @DBOS.step()
    async def refund(self, charged: Charged) -> None:
        await self.payments.refund(charged)

    async def stage(self, text: str) -> None:
        await DBOS.set_event_async(STAGE, text)

    async def cancelled(self, seconds: float) -> str | None:
        return await DBOS.recv_async(CANCEL, timeout_seconds=seconds)

    def limit(self) -> Money:
        return Money.zero() * 3

    @DBOS.workflow()
    async def run(self, cart: Cart) -> list[str]:
        await self.stage(f"paying {describe(cart.total())}")
        if cart.total().amount < self.limit().amount:
            raise Refused(cart.id, "empty")
        charged = await self.charge(cart, DBOS.workflow_id)
        try:
            if (reason := await self.cancelled(1.5)) is not None:
                raise Refused(cart.id, reason)
            await self.stage("packing")
            handle = await parcels.enqueue_async(parcel, cart.id, sorted(cart.prices))
            done = await handle.get_result()
        except (Refused, DBOSException):
            await self.refund(charged)
            raise
        await self.stage("done")
        return done


checkout = Checkout("main", HttpPayments())


async def buy(cart: Cart) -> list[str]:
    handle = await DBOS.start_workflow_async(checkout.run, cart)
    await DBOS.send_async(handle.workflow_id, "too slow", CANCEL)
    return await handle.get_result()

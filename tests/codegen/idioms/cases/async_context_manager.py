"""An asynchronous generator is a context manager, and an object is entered."""

# run: await flow(1)

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dbos_typed import DBOS


@DBOS.step()
async def pay(n: int) -> int:
    return n


@DBOS.step()
async def refund(n: int) -> int:
    return -n


@DBOS.step()
async def audit() -> None:
    pass


@asynccontextmanager
async def reserved(n: int) -> AsyncIterator[int]:
    # + await audit()
    await pay(n)
    yield n
    # + await audit()
    await refund(n)


class Lease:
    async def __aenter__(self) -> int:
        # + await audit()
        return await pay(7)

    async def __aexit__(self, *error: object) -> None:
        # + await audit()
        await refund(7)


@DBOS.workflow()
async def flow(n: int) -> int:
    async with reserved(n) as amount, Lease() as more:
        return await pay(amount + more)

"""A loop goes over an asynchronous generator, and a comprehension too."""

# run: await flow(0)
# run: await flow(1)
# run: await flow(2)

from collections.abc import AsyncIterator

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


async def charged(n: int) -> AsyncIterator[int]:
    for each in range(n):
        # + await audit()
        yield await pay(each)


@DBOS.workflow()
async def flow(n: int) -> int:
    total = 0
    async for amount in charged(n):
        total += amount
    return total + sum([amount async for amount in charged(n)]) + await refund(n)

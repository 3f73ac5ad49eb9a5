import asyncio

from dbos_typed import DBOS


@DBOS.step()
async def save(n: int) -> int:
    return n


@DBOS.workflow()
async def child(n: int) -> int:
    return n


async def helper(n: int) -> int:
    return await save(n)


@DBOS.workflow()
async def parent(n: int) -> int:
    if n > 3:
        save(n)  # E: dbos-async
    for each in range(n):
        helper(each)  # E: dbos-async
    try:
        DBOS.sleep_async(1)  # E: dbos-async
    finally:
        DBOS.set_event_async("done", True)  # E: dbos-async
    tasks = [asyncio.create_task(save(each)) for each in range(n)]
    pending = [child(each) for each in range(n)]
    done = await asyncio.gather(*tasks, *pending)
    first = save(1)
    second = save(2)
    return sum(done) + await second + await first


async def outside(n: int) -> None:
    child(n)  # E: dbos-async
    DBOS.start_workflow_async(child, n)  # E: dbos-async
    await child(n)
    coroutine = child(n)
    await asyncio.wait_for(coroutine, 3)


def start(n: int) -> int:
    return asyncio.run(child(n))

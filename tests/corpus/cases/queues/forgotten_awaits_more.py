import asyncio

from dbos_typed import DBOS


@DBOS.step()
async def save(n: int) -> int:
    return n


@DBOS.workflow()
async def child(n: int) -> int:
    return n


@DBOS.workflow()
async def parent(n: int) -> int:
    handle = await DBOS.start_workflow_async(child, n)
    handle.get_result()  # E: dbos-async
    handle.get_status()  # E: dbos-async
    _ = save(n)  # E: dbos-async
    unused = child(n)  # E: dbos-async
    del unused
    await asyncio.gather(save(n), DBOS.sleep_async(1), DBOS.set_event_async("n", n))
    coroutines = {"a": save(1), "b": save(2)}
    for coroutine in coroutines.values():
        await coroutine
    if n > 3:
        pending = save(n)
    else:
        pending = child(n)
    return await pending


def collect(n: int) -> list[int]:
    async def run() -> list[int]:
        return [await child(n), await save(n)]

    return asyncio.run(run())

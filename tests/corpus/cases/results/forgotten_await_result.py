from dbos_typed import DBOS


@DBOS.workflow()
async def tally(n: int) -> int:
    return n


async def forget() -> int:
    handle = await DBOS.start_workflow_async(tally, 1)
    total = handle.get_result()
    print(await total)
    return handle.get_result() + 1  # E: type


async def forget_start() -> int:
    handle = DBOS.start_workflow_async(tally, 1)
    return await handle.get_result()  # E: type


async def forget_call() -> int:
    return tally(1)  # E: type


async def fine() -> int:
    return await tally(1) + await (await DBOS.start_workflow_async(tally, 1)).get_result()

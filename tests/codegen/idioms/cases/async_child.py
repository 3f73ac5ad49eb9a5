"""A coroutine workflow starts and calls others."""

# run: await flow(1)

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


@DBOS.workflow()
async def child(n: int) -> int:
    # + await audit()
    return await pay(n)


async def begun(workflow, n: int):
    return await DBOS.start_workflow_async(workflow, n)


@DBOS.workflow()
async def flow(n: int) -> int:
    handle = await begun(child, n)
    return await handle.get_result() + await child(n)

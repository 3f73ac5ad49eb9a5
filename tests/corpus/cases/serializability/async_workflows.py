import asyncio
import contextvars
from collections.abc import AsyncGenerator

from dbos_typed import DBOS, WorkflowHandleAsync


@DBOS.workflow()
async def child(n: int) -> int:
    return n


@DBOS.workflow()
async def hand_over(n: int) -> WorkflowHandleAsync[int]:  # E: dbos-serializable
    return await DBOS.start_workflow_async(child, n)


@DBOS.workflow()
async def wait_on(event: asyncio.Event) -> bool:  # E: dbos-serializable
    return await event.wait()


@DBOS.workflow()
async def inherit(context: contextvars.Context) -> int:  # E: dbos-serializable
    return len(context)


@DBOS.step()
async def chunks(n: int) -> list[bytes]:
    return [bytes(n)]


@DBOS.step()
async def streamed(n: int) -> AsyncGenerator[bytes, None]:  # E: dbos-serializable
    yield bytes(n)

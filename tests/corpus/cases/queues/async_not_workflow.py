from __future__ import annotations

import asyncio

from dbos_typed import DBOS, Queue, WorkflowHandle

queue = Queue("not-workflow")


@DBOS.workflow()
def blocking(n: int) -> int:
    DBOS.set_event("n", n)
    return n


@DBOS.workflow()
async def coroutine(n: int) -> int:
    return n


async def begin(n: int) -> WorkflowHandle[int]:
    return queue.enqueue(blocking, n)


@DBOS.step()
async def step(workflow_id: str) -> int:
    DBOS.cancel_workflow(workflow_id)
    return DBOS.retrieve_workflow(workflow_id, workflow=blocking).get_result()


async def main() -> None:
    handle = await begin(3)
    print(handle.get_result(), DBOS.get_event(handle.workflow_id, "n"))
    for status in DBOS.list_workflows():
        print(status.name)
    print(await asyncio.to_thread(blocking, 3), await coroutine(3))


@DBOS.workflow()
async def supervisor(n: int) -> int:
    handle = await begin(n)  # E: dbos-async
    return await step(handle.workflow_id)

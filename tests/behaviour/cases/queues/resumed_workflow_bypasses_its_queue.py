"""Resuming a waiting workflow runs it at once, past the queue's limits."""

from dbos_typed import DBOS, Queue
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("work", concurrency=1)
    begun: list[str] = []

    @DBOS.workflow()
    async def work(name: str) -> str:
        begun.append(name)
        if name == "running":
            await gate.wait_async()
        return name

    running = await queue.enqueue_async(work, "running")
    await app.until_async(lambda: begun)
    waiting = await queue.enqueue_async(work, "waiting")
    urgent = await queue.enqueue_async(work, "urgent")
    resumed = await DBOS.resume_workflow_async(urgent.workflow_id)
    assert await resumed.get_result(timeout_seconds=20) == "urgent"
    assert begun == ["running", "urgent"]
    gate.open()
    assert [await handle.get_result(timeout_seconds=20) for handle in (running, waiting)] == ["running", "waiting"]
    assert begun == ["running", "urgent", "waiting"]

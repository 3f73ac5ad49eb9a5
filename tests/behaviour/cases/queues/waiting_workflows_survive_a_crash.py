"""After a crash what ran from a queue is recovered and keeps its place, and what waited has its turn behind it."""

from dbos_typed import DBOS, Queue
from tests.behaviour.app import App


async def check(app: App) -> None:
    working, gates = app.gate(), [app.gate(), app.gate()]
    queue = Queue("work", concurrency=1, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work(name: str) -> str:
        begun.append(name)
        working.open()
        if name == "running":
            await gates[len(begun) - 1].wait_async()
        return name

    running = await queue.enqueue_async(work, "running")
    await working.wait_async()
    waiting = await queue.enqueue_async(work, "waiting")
    await app.crash_async()
    app.launch()
    await app.until_async(lambda: len(begun) == 2)
    assert begun == ["running", "running"]
    gates[1].open()
    for handle in (running, waiting):
        again = await DBOS.retrieve_workflow_async(handle.workflow_id)
        assert await again.get_result(timeout_seconds=20) in {"running", "waiting"}
    assert begun == ["running", "running", "waiting"]

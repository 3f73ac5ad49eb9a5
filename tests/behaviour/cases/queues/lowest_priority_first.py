"""A queue with priorities begins the lowest first, those without one before all, and equal ones in their order."""

from dbos_typed import DBOS, Queue, SetEnqueueOptions
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    queue = Queue("ranked", concurrency=1, priority_enabled=True)
    begun: list[str] = []

    @DBOS.workflow()
    async def hold() -> None:
        working.open()
        await gate.wait_async()

    @DBOS.workflow()
    async def work(name: str) -> None:
        begun.append(name)

    await queue.enqueue_async(hold)
    await working.wait_async()
    handles = []
    for name, priority in (("third", 5), ("second", 2), ("fourth", 5), ("last", 2**31 - 1)):
        with SetEnqueueOptions(priority=priority):
            handles.append(await queue.enqueue_async(work, name))
    handles.append(await queue.enqueue_async(work, "first"))
    gate.open()
    for handle in handles:
        await handle.get_result(timeout_seconds=20)
    assert begun == ["first", "second", "third", "fourth", "last"]

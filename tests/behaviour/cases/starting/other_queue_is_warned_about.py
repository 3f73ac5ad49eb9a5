"""Enqueueing an id that waits on another queue attaches to it with a warning; it keeps its queue."""

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    first, second = Queue("first", concurrency=1), Queue("second")
    gate = app.gate()
    runs: list[str] = []

    @DBOS.workflow()
    async def work() -> str:
        runs.append("run")
        await gate.wait_async()
        return "done"

    with SetWorkflowID("w"):
        handle = await first.enqueue_async(work)
    with SetWorkflowID("w"):
        again = await second.enqueue_async(work)
    assert app.row("w")["queue_name"] == "first"
    assert any("WARNING" in line and "'first'" in line and "'second'" in line for line in app.log)
    gate.open()
    assert [await each.get_result(timeout_seconds=20) for each in (handle, again)] == ["done", "done"]
    assert runs == ["run"]

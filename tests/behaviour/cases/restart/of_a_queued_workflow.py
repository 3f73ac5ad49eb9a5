"""A workflow that came from a queue is restarted at once, on no queue, and with a timeout of its own."""

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowTimeout
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("work", concurrency=1)

    @DBOS.workflow()
    async def work() -> None:
        await gate.wait_async()

    with SetEnqueueOptions(deduplication_id="only"), SetWorkflowTimeout(60):
        original = await queue.enqueue_async(work)
    restarted = await DBOS.restart_workflow_async(original.workflow_id)
    await app.until_async(lambda: app.row(restarted.workflow_id)["status"] == "PENDING")
    row = app.row(restarted.workflow_id)
    assert (row["queue_name"], row["deduplication_id"]) == (None, None)
    assert row["deadline"] - row["started_at"] == 60_000
    gate.open()
    for handle in (original, restarted):
        await handle.get_result(timeout_seconds=20)

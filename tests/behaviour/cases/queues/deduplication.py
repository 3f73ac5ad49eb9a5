"""While one with its deduplication id waits or runs, a workflow is refused; another queue may have the same id."""

import pytest

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    queue, other = Queue("orders", concurrency=1), Queue("refunds")

    @DBOS.workflow()
    async def hold(name: str) -> str:
        working.open()
        await gate.wait_async()
        return name

    with SetEnqueueOptions(deduplication_id="running"), SetWorkflowID("first"):
        running = await queue.enqueue_async(hold, "running")
    await working.wait_async()
    with SetEnqueueOptions(deduplication_id="waiting"):
        waiting = await queue.enqueue_async(hold, "waiting")
    before = app.counts()
    for key in ("running", "waiting"):
        with SetEnqueueOptions(deduplication_id=key), pytest.raises(error.DBOSQueueDeduplicatedError) as refused:
            await queue.enqueue_async(hold, "again")
        assert (refused.value.queue_name, refused.value.deduplication_id) == ("orders", key)
    assert app.counts() == before
    with SetEnqueueOptions(deduplication_id="running"), SetWorkflowID("first"):
        # The same workflow once more is no duplicate of itself.
        assert (await queue.enqueue_async(hold, "running")).workflow_id == "first"
    with SetEnqueueOptions(deduplication_id="running"):
        elsewhere = await other.enqueue_async(hold, "elsewhere")
    gate.open()
    for handle, result in ((running, "running"), (waiting, "waiting"), (elsewhere, "elsewhere")):
        assert await handle.get_result(timeout_seconds=20) == result

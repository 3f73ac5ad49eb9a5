"""The limits of a partitioned queue hold for each partition key by itself."""

import time

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("by customer", concurrency=1, partition_queue=True, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work() -> str:
        begun.append(DBOS.workflow_id)
        await gate.wait_async()
        return DBOS.workflow_id

    handles = []
    for workflow_id in ("ann 1", "ann 2", "bob 1", "bob 2"):
        with SetEnqueueOptions(queue_partition_key=workflow_id[:3]), SetWorkflowID(workflow_id):
            handles.append(await queue.enqueue_async(work))
    await app.until_async(lambda: sorted(begun) == ["ann 1", "bob 1"])
    time.sleep(0.1)  # five polls, in which nothing more may begin
    assert sorted(begun) == ["ann 1", "bob 1"]
    gate.open()
    assert [await handle.get_result(timeout_seconds=20) for handle in handles] == ["ann 1", "ann 2", "bob 1", "bob 2"]

"""An executor that knows a queue with a limit of 0 puts workflows on it and takes none from it."""

import time

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    open_queue = Queue("open")
    queues = [Queue("short", limiter={"limit": 0, "period": 0}), Queue("long", limiter={"limit": 0, "period": 60})]

    @DBOS.workflow()
    async def work() -> str:
        return DBOS.workflow_id

    for queue in queues:
        with SetWorkflowID(queue.name):
            await queue.enqueue_async(work)
    handle = await open_queue.enqueue_async(work)
    await handle.get_result(timeout_seconds=20)
    time.sleep(1.2)  # longer than the workers take to look again
    for queue in queues:
        assert app.row(queue.name)["status"] == "ENQUEUED"
        resumed = await DBOS.resume_workflow_async(queue.name)
        assert await resumed.get_result(timeout_seconds=20) == queue.name

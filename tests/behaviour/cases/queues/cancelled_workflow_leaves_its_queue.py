"""A cancelled workflow leaves its queue: a waiting one never begins, and a running one makes room for the next."""

import pytest

from dbos_typed import DBOS, Queue, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    begun: list[str] = []

    @DBOS.workflow()
    async def work(name: str) -> str:
        begun.append(name)
        if name == "running":
            await DBOS.recv_async(timeout_seconds=60)
        return name

    # No poll comes to help: the cancellation itself tells the queue that there is room.
    for queue in (
        Queue("work", concurrency=1, polling_interval_sec=3600),
        Queue("work here", worker_concurrency=1, polling_interval_sec=3600),
    ):
        begun.clear()
        running = await queue.enqueue_async(work, "running")
        await app.until_async(lambda: begun)
        waiting = await queue.enqueue_async(work, "waiting")
        last = await queue.enqueue_async(work, "last")
        await DBOS.cancel_workflow_async(waiting.workflow_id)
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await waiting.get_result(timeout_seconds=20)
        await DBOS.cancel_workflow_async(running.workflow_id)
        assert await last.get_result(timeout_seconds=10) == "last"
        assert begun == ["running", "last"]
        assert await DBOS.list_queued_workflows_async() == []

"""A client's options: timeout, delay, deduplication and version mean what they mean for a queue of the application."""

import time

import pytest

from dbos_typed import DBOS, DBOSClient, Queue
from dbos_typed.error import DBOSAwaitedWorkflowCancelledError, DBOSQueueDeduplicatedError
from tests.behaviour.app import App


async def check(app: App) -> None:
    Queue("work")

    @DBOS.workflow(name="wait")
    async def wait() -> None:
        await DBOS.recv_async(timeout_seconds=60)

    @DBOS.workflow(name="now")
    async def now() -> float:
        return time.time()

    with DBOSClient(app.database_url) as client:
        stopped = await client.enqueue_async(
            {"workflow_name": "wait", "queue_name": "work", "workflow_timeout": 0.05, "deduplication_id": "only"}
        )
        with pytest.raises(DBOSAwaitedWorkflowCancelledError):
            await stopped.get_result()
        waiting = await client.enqueue_async(
            {"workflow_name": "wait", "queue_name": "work", "deduplication_id": "only"}
        )
        with pytest.raises(DBOSQueueDeduplicatedError):
            await client.enqueue_async({"workflow_name": "now", "queue_name": "work", "deduplication_id": "only"})
        begun = time.time()
        delayed = await client.enqueue_async({"workflow_name": "now", "queue_name": "work", "delay_seconds": 0.2})
        other = await client.enqueue_async({"workflow_name": "now", "queue_name": "work", "app_version": "2"})
        assert await delayed.get_result() - begun >= 0.2
        assert (await other.get_status()).status == "ENQUEUED"
        await client.cancel_workflow_async(waiting.workflow_id)

"""What another process sends, sets, ends and enqueues is heard at once, not at the next poll."""

import time

from dbos_typed import DBOS, DBOSClient, Queue, SetWorkflowID
from tests.behaviour.app import App

SOON_SECONDS = 3.0
"""Less than the poll that makes up for lost signals takes."""


async def check(app: App) -> None:
    Queue("queue", polling_interval_sec=60)
    gate = app.gate()

    @DBOS.workflow(name="receiving")
    async def receiving() -> str:
        return await DBOS.recv_async("topic", timeout_seconds=60)

    @DBOS.workflow(name="publishing")
    async def publishing() -> str:
        await DBOS.set_event_async("key", "value")
        await gate.wait_async()
        return "end"

    # The client is no part of the application: it has connections, waiters and signals of its own.
    with DBOSClient(app.database_url) as client:
        with SetWorkflowID("receiving"):
            handle = await DBOS.start_workflow_async(receiving)
        await app.until_async(lambda: app.recorded("receiving") == {2: "DBOS.sleep"})
        began = time.monotonic()
        await client.send_async("receiving", "hello", "topic")
        assert await handle.get_result(timeout_seconds=20) == "hello"
        enqueued = await client.enqueue_async({"workflow_name": "publishing", "queue_name": "queue"})
        assert await client.get_event_async(enqueued.workflow_id, "key", timeout_seconds=20) == "value"
        gate.open()
        assert await enqueued.get_result(timeout_seconds=20) == "end"
        assert time.monotonic() - began < SOON_SECONDS

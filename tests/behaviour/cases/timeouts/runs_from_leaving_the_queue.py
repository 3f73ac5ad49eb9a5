"""The time of a queued workflow runs from when it is taken from its queue, however long it waited."""

import time

import pytest

from dbos_typed import DBOS, Queue, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    queue = Queue("work", concurrency=1)

    @DBOS.workflow()
    async def hold() -> None:
        working.open()
        await gate.wait_async()

    @DBOS.workflow()
    async def waiting() -> None:
        await DBOS.recv_async(timeout_seconds=60)

    await queue.enqueue_async(hold)
    await working.wait_async()
    with SetWorkflowTimeout(0.1):
        handle = await queue.enqueue_async(waiting)
    time.sleep(0.2)
    row = app.row(handle.workflow_id)
    assert (row["status"], row["deadline"]) == ("ENQUEUED", None)
    gate.open()
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    row = app.row(handle.workflow_id)
    assert row["deadline"] - row["started_at"] == 100
    assert row["updated_at"] >= row["deadline"]

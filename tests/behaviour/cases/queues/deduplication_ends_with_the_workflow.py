"""A deduplication id is free again when its workflow succeeded, failed, was cancelled or was deleted."""

import pytest

from dbos_typed import DBOS, Queue, SetEnqueueOptions, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("orders")

    @DBOS.workflow()
    async def work(outcome: str) -> str:
        if outcome == "fails":
            raise ValueError(outcome)
        if outcome == "waits":
            await DBOS.recv_async(timeout_seconds=60)
        return outcome

    with SetEnqueueOptions(deduplication_id="only"):
        assert await (await queue.enqueue_async(work, "succeeds")).get_result(timeout_seconds=20) == "succeeds"
        failing = await queue.enqueue_async(work, "fails")
        with pytest.raises(ValueError, match="fails"):
            await failing.get_result(timeout_seconds=20)
        waiting = await queue.enqueue_async(work, "waits")
        with pytest.raises(error.DBOSQueueDeduplicatedError):
            await queue.enqueue_async(work, "waits")
        await DBOS.cancel_workflow_async(waiting.workflow_id)
        waiting = await queue.enqueue_async(work, "waits")
        await DBOS.delete_workflow_async(waiting.workflow_id)
        last = await queue.enqueue_async(work, "succeeds")
        assert await last.get_result(timeout_seconds=20) == "succeeds"
    assert len(app.rows("workflows")) == 4

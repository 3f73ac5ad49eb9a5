"""A start counts for the rate also when its workflow was cancelled or resumed; one that never began does not.

Older behaviour: who cancelled what ran made room for more starts than the limit.
"""

import time

import pytest

from dbos_typed import DBOS, Queue, error
from tests.behaviour.app import App

PERIOD_SECONDS = 60


async def check(app: App) -> None:
    queue = Queue("metered", limiter={"limit": 2, "period": PERIOD_SECONDS}, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work() -> None:
        begun.append(DBOS.workflow_id)
        await DBOS.recv_async(timeout_seconds=60)

    first = await queue.enqueue_async(work)
    second = await queue.enqueue_async(work)
    await app.until_async(lambda: len(begun) == 2)
    waiting = await queue.enqueue_async(work)
    await queue.enqueue_async(work)
    for handle in (first, second, waiting):
        await DBOS.cancel_workflow_async(handle.workflow_id)
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await handle.get_result(timeout_seconds=20)
    time.sleep(0.2)  # ten polls
    assert len(begun) == 2
    assert app.row(waiting.workflow_id)["queue_name"] is None
    await DBOS.resume_workflow_async(first.workflow_id)
    await app.until_async(lambda: len(begun) == 3)
    time.sleep(0.2)  # as above
    assert begun[2] == first.workflow_id
    assert len(begun) == 3
    await DBOS.cancel_workflow_async(first.workflow_id)
    # The period is over.
    app.sql("UPDATE {dbos}workflows SET started_at = started_at - 60000 WHERE started_at IS NOT NULL")
    await app.until_async(lambda: len(begun) == 4)
    await DBOS.cancel_workflow_async(begun[3])

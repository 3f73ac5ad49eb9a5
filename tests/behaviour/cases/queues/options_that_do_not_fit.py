"""Options out of range, or which the queue does not have, are refused with what to do, and nothing is enqueued."""

import pytest

from dbos_typed import DBOS, Queue, SetEnqueueOptions
from tests.behaviour.app import App


async def check(app: App) -> None:
    plain, partitioned = Queue("plain"), Queue("partitioned", partition_queue=True)

    @DBOS.workflow()
    async def work() -> None: ...

    for priority in (0, -1, 2**31):
        with pytest.raises(ValueError, match="priority is"):
            SetEnqueueOptions(priority=priority)
    for delay in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="delay_seconds is"):
            SetEnqueueOptions(delay_seconds=delay)
    with pytest.raises(ValueError, match="deduplication_id"):
        SetEnqueueOptions(deduplication_id="")
    with SetEnqueueOptions(priority=1), pytest.raises(ValueError, match="priority_enabled=True"):
        await plain.enqueue_async(work)
    with SetEnqueueOptions(queue_partition_key="ann"), pytest.raises(ValueError, match="not a partition_queue"):
        await plain.enqueue_async(work)
    with pytest.raises(ValueError, match="needs a queue_partition_key"):
        await partitioned.enqueue_async(work)
    assert app.counts()["workflows"] == 0

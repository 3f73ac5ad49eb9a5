"""An idle queue begins a new workflow at once, and the next one as soon as a place is free, not at the next poll."""

import time

from dbos_typed import DBOS, Queue
from tests.behaviour.app import App


async def check(app: App) -> None:
    queues = [
        Queue("seldom", concurrency=1, polling_interval_sec=3600),
        Queue("seldom here", worker_concurrency=1, polling_interval_sec=3600),
    ]

    @DBOS.workflow()
    async def work(number: int) -> int:
        return number

    begun = time.monotonic()
    for queue in queues:
        for number in range(5):
            handle = await queue.enqueue_async(work, number)
            assert await handle.get_result(timeout_seconds=20) == number
        handles = [await queue.enqueue_async(work, number) for number in range(5)]
        assert [await handle.get_result(timeout_seconds=20) for handle in handles] == list(range(5))
    assert time.monotonic() - begun < 10
    assert len(app.rows("workflows")) == 20

"""With a limiter, no more than `limit` workflows are begun in any `period`, however short they are."""

from itertools import pairwise

from dbos_typed import DBOS, Queue
from tests.behaviour.app import App

PERIOD_SECONDS = 0.25


async def check(app: App) -> None:
    queue = Queue("metered", limiter={"limit": 2, "period": PERIOD_SECONDS}, polling_interval_sec=0.02)

    @DBOS.workflow()
    async def work() -> None: ...

    handles = [await queue.enqueue_async(work) for _ in range(6)]
    for handle in handles:
        await handle.get_result(timeout_seconds=20)
    begun = sorted(row["started_at"] for row in app.rows("workflows"))
    assert all(later - earlier >= 1000 * PERIOD_SECONDS for earlier, later in pairwise(begun[::2]))
    assert all(later - earlier >= 1000 * PERIOD_SECONDS for earlier, later in pairwise(begun[1::2]))

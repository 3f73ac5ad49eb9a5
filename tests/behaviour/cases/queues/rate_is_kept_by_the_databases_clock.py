"""Executors whose clocks are minutes apart keep a queue's rate together, because the database's clock decides.

Older behaviour: each counted the starts by its own clock, and more were begun than the limit.
"""

import time

from dbos_typed import DBOS, Queue
from dbos_typed.clock import SystemClock
from tests.behaviour.app import PATIENCE_SECONDS, App

LAUNCH = False
PERIOD_SECONDS = 60
APART_SECONDS = 300


async def check(app: App) -> None:
    queue = Queue("metered", limiter={"limit": 3, "period": PERIOD_SECONDS}, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work() -> None:
        begun.append(DBOS.workflow_id)

    true_now = SystemClock.now
    try:
        for wrong_by in (APART_SECONDS, 0, -APART_SECONDS, APART_SECONDS):
            SystemClock.now = lambda self, wrong_by=wrong_by: true_now(self) + wrong_by
            app.launch()
            for _ in range(5):
                await queue.enqueue_async(work)
            await app.until_async(lambda: len(begun) == 3)
            time.sleep(0.1)  # five polls
            await app.crash_async()
    finally:
        SystemClock.now = true_now
    assert len(begun) == 3
    started = [row["started_at"] / 1000 for row in app.rows("workflows") if row["started_at"] is not None]
    assert len(started) == 3
    assert all(abs(moment - time.time()) < PATIENCE_SECONDS for moment in started)

"""First in, first out holds between executors whose clocks are minutes apart."""

from dbos_typed import DBOS, Queue
from dbos_typed.clock import SystemClock
from tests.behaviour.app import PATIENCE_SECONDS, App

LAUNCH = False
APART_SECONDS = 300


async def check(app: App) -> None:
    queue = Queue("line", concurrency=1, polling_interval_sec=0.02)
    gate, begun = app.gate(), []

    @DBOS.workflow()
    async def work(number: int) -> None:
        begun.append(number)
        await gate.wait_async()

    true_now = SystemClock.now
    try:
        for number, wrong_by in enumerate((0, APART_SECONDS, -APART_SECONDS, 0)):
            SystemClock.now = lambda self, wrong_by=wrong_by: true_now(self) + wrong_by
            app.launch()
            await queue.enqueue_async(work, number)
            await app.until_async(lambda: begun)
            await app.crash_async()
    finally:
        SystemClock.now = true_now
    begun.clear()
    gate.open()
    app.launch()
    for row in app.rows("workflows"):
        handle = await DBOS.retrieve_workflow_async(row["workflow_id"])
        await handle.get_result(PATIENCE_SECONDS)
    assert begun == [0, 1, 2, 3]

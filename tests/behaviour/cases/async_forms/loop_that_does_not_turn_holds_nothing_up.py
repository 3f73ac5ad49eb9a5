"""An application's loop that is blocked, stopped or closed keeps no queued coroutine workflow from running."""

import asyncio
import time

from dbos_typed import DBOS, Queue
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("async",)  # about event loops
LAUNCH = False


async def check(app: App) -> None:
    queue = Queue("looping", polling_interval_sec=0.02)
    loops: list[asyncio.AbstractEventLoop] = []

    @DBOS.workflow()
    async def work() -> str:
        await DBOS.sleep_async(0.01)
        loops.append(asyncio.get_running_loop())
        return "done"

    # A blocking call on the loop itself waits for what the loop would have to do.
    app.launch()
    began = time.monotonic()
    assert queue.enqueue(work).get_result(PATIENCE_SECONDS) == "done"
    assert DBOS.start_workflow(work).get_result(PATIENCE_SECONDS) == "done"
    assert time.monotonic() - began < 1  # nobody had to find out that the loop does not turn

    # So does anything else that blocks it.
    handle = queue.enqueue(work)
    app.until(lambda: app.row(handle.workflow_id)["status"] == "SUCCESS")
    assert [line for line in app.log if "event loop has not turned" in line]
    assert asyncio.get_running_loop() not in loops
    assert await (await queue.enqueue_async(work)).get_result(PATIENCE_SECONDS) == "done"
    assert loops[-1] is asyncio.get_running_loop()
    await app.crash_async()

    # A loop that ends after the launch, and one that is only stopped.
    async def launch() -> None:
        app.launch()

    for is_closed in (True, False):
        loop = asyncio.new_event_loop()
        await asyncio.to_thread(loop.run_until_complete, launch())
        if is_closed:
            loop.close()
        assert await (await queue.enqueue_async(work)).get_result(PATIENCE_SECONDS) == "done"
        loop.close()
        await app.crash_async()

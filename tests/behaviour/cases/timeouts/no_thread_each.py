"""However many workflows have a deadline, one thread looks after all of them."""

import threading

from dbos_typed import DBOS, SetWorkflowTimeout
from tests.behaviour.app import App

FORMS = ("async",)  # a synchronous workflow has the thread that it runs on
COUNT = 100


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> None:
        await DBOS.sleep_async(3600)

    before = threading.active_count()
    for _ in range(COUNT):
        with SetWorkflowTimeout(3600):
            await DBOS.start_workflow_async(sleeping)
    await app.until_async(lambda: app.counts()["steps"] == COUNT)
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("dbos-timers") == 1
    # Reads share the default executor of the event loop, which has a bounded number of threads.
    assert threading.active_count() - before <= 16
    # A deadline that comes first is kept, whatever else the one thread waits for.
    with SetWorkflowTimeout(0.05):
        brief = await DBOS.start_workflow_async(sleeping)
    await app.until_async(lambda: app.row(brief.workflow_id)["status"] == "CANCELLED")
    assert len(await DBOS.list_workflows_async(status="PENDING")) == COUNT

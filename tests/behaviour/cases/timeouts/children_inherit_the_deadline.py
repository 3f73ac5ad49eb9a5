"""Children have their parent's deadline, called, started and enqueued alike, and are cancelled with it."""

import pytest

from dbos_typed import DBOS, Queue, SetWorkflowID, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("work")

    @DBOS.workflow()
    async def quick() -> None: ...

    @DBOS.workflow()
    async def waiting() -> None:
        await DBOS.recv_async(timeout_seconds=60)

    @DBOS.workflow()
    async def parent() -> None:
        await quick()
        await queue.enqueue_async(quick)
        child = await DBOS.start_workflow_async(waiting)
        await child.get_result()

    with SetWorkflowTimeout(0.3), SetWorkflowID("p"):
        handle = await DBOS.start_workflow_async(parent)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    deadline = app.row("p")["deadline"]
    assert [app.row(workflow_id)["deadline"] for workflow_id in ("p-1", "p-3", "p-4")] == [deadline] * 3
    await app.until_async(lambda: app.row("p-4")["status"] == "CANCELLED")
    assert app.row("p-1")["status"] == "SUCCESS"

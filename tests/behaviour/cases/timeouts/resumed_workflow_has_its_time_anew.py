"""Resuming a workflow that was cancelled at its deadline gives it its time anew; an inherited deadline is dropped."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> str | None:
        message: str | None = await DBOS.recv_async(timeout_seconds=60)
        return message

    @DBOS.workflow()
    async def parent() -> str | None:
        return await waiting()

    with SetWorkflowTimeout(0.3), SetWorkflowID("p"):
        handle = await DBOS.start_workflow_async(parent)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    await app.until_async(lambda: app.row("p-1")["status"] == "CANCELLED")
    missed = app.row("p")["deadline"]
    await DBOS.send_async("p-1", "go on")
    child = await DBOS.resume_workflow_async("p-1")
    assert app.row("p-1")["deadline"] is None
    assert await child.get_result(timeout_seconds=20) == "go on"
    resumed = await DBOS.resume_workflow_async("p")
    assert app.row("p")["deadline"] >= missed + 1
    assert await resumed.get_result(timeout_seconds=20) == "go on"

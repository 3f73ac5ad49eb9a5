"""Resuming a workflow that was cancelled at its deadline gives it its time anew, so that it can go on."""

import pytest

from dbos_typed import DBOS, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> str | None:
        message: str | None = await DBOS.recv_async(timeout_seconds=60)
        return message

    with SetWorkflowTimeout(0.3):
        handle = await DBOS.start_workflow_async(waiting)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    await DBOS.send_async(handle.workflow_id, "go on")
    resumed = await DBOS.resume_workflow_async(handle.workflow_id)
    assert await resumed.get_result(timeout_seconds=20) == "go on"
    assert app.row(handle.workflow_id)["status"] == "SUCCESS"

"""Cancelling a workflow ends its wait for a message at once."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> object:
        return await DBOS.recv_async("go", timeout_seconds=3600)

    handle = await DBOS.start_workflow_async(waiting)
    await app.until_async(lambda: app.recorded(handle.workflow_id) == {2: "DBOS.sleep"})
    await DBOS.cancel_workflow_async(handle.workflow_id)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    assert app.row(handle.workflow_id)["status"] == "CANCELLED"

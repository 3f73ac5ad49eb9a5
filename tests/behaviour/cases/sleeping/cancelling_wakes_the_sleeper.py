"""Cancelling a workflow ends its sleep at once."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> None:
        await DBOS.sleep_async(3600)

    handle = await DBOS.start_workflow_async(sleeping)
    await app.until_async(lambda: app.recorded(handle.workflow_id) == {1: "DBOS.sleep"})
    await DBOS.cancel_workflow_async(handle.workflow_id)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)

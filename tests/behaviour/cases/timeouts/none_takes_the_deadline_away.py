"""A child started under SetWorkflowTimeout(None) has no deadline and outlives its cancelled parent."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def child() -> str | None:
        message: str | None = await DBOS.recv_async(timeout_seconds=60)
        return message

    @DBOS.workflow()
    async def parent() -> None:
        with SetWorkflowTimeout(None):
            await DBOS.start_workflow_async(child)
        await DBOS.recv_async(timeout_seconds=60)

    with SetWorkflowTimeout(0.2), SetWorkflowID("p"):
        handle = await DBOS.start_workflow_async(parent)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    assert app.row("p-1")["deadline"] is None
    await DBOS.send_async("p-1", "alive")
    assert await (await DBOS.retrieve_workflow_async("p-1")).get_result(timeout_seconds=20) == "alive"

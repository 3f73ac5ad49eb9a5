"""Waiting for a workflow that is cancelled, from outside or from another workflow, raises its own kind of error."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def stuck() -> None:
        await gate.wait_async()

    @DBOS.workflow()
    async def waiting(workflow_id: str) -> str:
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        try:
            await handle.get_result()
        except error.DBOSAwaitedWorkflowCancelledError as cancelled:
            return cancelled.workflow_id
        return "a result"

    handle = await DBOS.start_workflow_async(stuck)
    waiter = await DBOS.start_workflow_async(waiting, handle.workflow_id)
    await DBOS.cancel_workflow_async(handle.workflow_id)
    gate.open()
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError, match=handle.workflow_id):
        await handle.get_result(timeout_seconds=20)
    assert await waiter.get_result(timeout_seconds=20) == handle.workflow_id
    assert await app.rerun_async(waiter.workflow_id, keep=2) == handle.workflow_id

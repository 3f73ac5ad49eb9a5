"""A workflow is cancelled when its timeout is over, wherever it waits; one that ends in time is not."""

import time

import pytest

from dbos_typed import DBOS, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> None:
        await DBOS.recv_async(timeout_seconds=60)

    @DBOS.workflow()
    async def quick() -> str:
        return "done"

    begun = time.monotonic()
    with SetWorkflowTimeout(0.1):
        late = await DBOS.start_workflow_async(waiting)
        in_time = await DBOS.start_workflow_async(quick)
    assert await in_time.get_result(timeout_seconds=20) == "done"
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await late.get_result(timeout_seconds=20)
    assert 0.1 <= time.monotonic() - begun < 10
    row = app.row(late.workflow_id)
    assert (row["status"], row["deadline"] - row["created_at"]) == ("CANCELLED", 100)
    assert app.row(in_time.workflow_id)["status"] == "SUCCESS"

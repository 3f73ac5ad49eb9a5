"""cancel_workflows and resume_workflows steer many at once; an unknown id is an error to resume only."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> str:
        message = await DBOS.recv_async(timeout_seconds=60)
        return f"{DBOS.workflow_id} {message}"

    ids = [f"w{number}" for number in range(5)]
    for workflow_id in ids:
        with SetWorkflowID(workflow_id):
            await DBOS.start_workflow_async(waiting)
    await DBOS.cancel_workflows_async([*ids[:4], "missing"])
    assert [row["workflow_id"] for row in app.rows("workflows") if row["status"] == "PENDING"] == ["w4"]
    await DBOS.cancel_workflows_async([])
    for workflow_id in ids[:4]:
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await handle.get_result(timeout_seconds=20)
        await DBOS.send_async(workflow_id, "hello")
    handles = await DBOS.resume_workflows_async(ids[:3])
    assert [await handle.get_result(timeout_seconds=20) for handle in handles] == ["w0 hello", "w1 hello", "w2 hello"]
    with pytest.raises(error.DBOSNonExistentWorkflowError, match="'missing'"):
        await DBOS.resume_workflows_async(["missing"])
    assert app.row("w3")["status"] == "CANCELLED"
    await DBOS.cancel_workflows_async(ids)

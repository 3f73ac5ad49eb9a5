"""A client deletes a workflow with everything that is recorded of it; an unknown one is no error."""

import pytest

from dbos_typed import DBOS, DBOSClient, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    def one() -> int:
        return 1

    @DBOS.workflow()
    async def work() -> int:
        await DBOS.set_event_async("progress", 1)
        return one()

    for workflow_id in ("w", "kept"):
        with SetWorkflowID(workflow_id):
            await work()
    with DBOSClient(app.database_url) as client:
        await client.delete_workflow_async("w")
        await client.delete_workflow_async("unknown")
        with pytest.raises(error.DBOSNonExistentWorkflowError):
            await client.retrieve_workflow_async("w")
        assert await client.list_workflow_steps_async("w") == []
    assert {row["workflow_id"] for table in ("workflows", "steps", "events") for row in app.rows(table)} == {"kept"}

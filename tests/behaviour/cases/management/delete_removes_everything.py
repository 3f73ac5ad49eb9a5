"""Deleting a workflow removes it with its steps, events and messages; an unknown one is nothing."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def leaving_traces() -> None:
        await DBOS.set_event_async("key", 1)
        await DBOS.send_async(DBOS.workflow_id, 1)

    for workflow_id in ("gone", "stays"):
        with SetWorkflowID(workflow_id):
            await leaving_traces()
    await DBOS.delete_workflow_async("gone")
    await DBOS.delete_workflow_async("missing")
    assert app.counts() == {"workflows": 1, "steps": 2, "messages": 1, "events": 1}
    assert await DBOS.get_workflow_status_async("gone") is None
    assert await DBOS.get_workflow_status_async("stays") is not None

"""Management calls in a workflow are recorded: cancel and list take one number, resume takes two."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def other() -> int:
        return 5

    @DBOS.workflow()
    async def managing() -> int:
        await DBOS.cancel_workflow_async("other")
        resumed = await DBOS.resume_workflow_async("other")
        return len(await DBOS.list_workflows_async(workflow_ids=["other"])) + len(resumed.workflow_id)

    with SetWorkflowID("other"):
        await other()
    handle = await DBOS.start_workflow_async(managing)
    assert await handle.get_result() == 6
    assert app.recorded(handle.workflow_id) == {
        1: "DBOS.cancelWorkflow",
        2: "DBOS.resumeWorkflow",
        3: "DBOS.getStatus",
        4: "DBOS.listWorkflows",
    }

"""Each listing takes one number under its own name; a restart or fork takes two, and a plain look none."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def other() -> int:
        return 5

    @DBOS.workflow()
    async def managing() -> None:
        await DBOS.list_queued_workflows_async()
        await DBOS.list_workflow_steps_async("other")
        await DBOS.restart_workflow_async("other")
        await DBOS.fork_workflow_async("other", 1)
        handle = await DBOS.retrieve_workflow_async("other", existing_workflow=False)
        await handle.get_status()

    with SetWorkflowID("other"):
        await other()
    handle = await DBOS.start_workflow_async(managing)
    await handle.get_result()
    assert app.recorded(handle.workflow_id) == {
        1: "DBOS.listQueuedWorkflows",
        2: "DBOS.listWorkflowSteps",
        3: "DBOS.forkWorkflow",
        4: "DBOS.getStatus",
        5: "DBOS.forkWorkflow",
        6: "DBOS.getStatus",
        7: "DBOS.getStatus",
    }
    copies = [row for row in app.rows("workflows") if row["workflow_id"] not in ("other", handle.workflow_id)]
    assert len(copies) == 2
    await app.rerun_async(handle.workflow_id, keep=7)
    assert app.counts()["workflows"] == 4

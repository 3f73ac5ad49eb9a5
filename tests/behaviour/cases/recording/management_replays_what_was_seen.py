"""A recovered workflow sees the status and the listing that its first run saw, whatever is stored now."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    seen = app.gate()

    @DBOS.workflow()
    async def other() -> None:
        await gate.wait_async()

    @DBOS.workflow()
    async def looking() -> list[str]:
        status = await DBOS.get_workflow_status_async("other")
        listed = await DBOS.list_workflows_async(workflow_ids=["other"])
        seen.open()
        assert status is not None
        return [status.status, *(found.status for found in listed)]

    with SetWorkflowID("other"):
        running = await DBOS.start_workflow_async(other)
    handle = await DBOS.start_workflow_async(looking)
    assert await handle.get_result() == ["PENDING", "PENDING"]
    gate.open()
    await running.get_result()
    assert await app.rerun_async(handle.workflow_id, keep=2) == ["PENDING", "PENDING"]
    assert await app.rerun_async(handle.workflow_id, keep=1) == ["PENDING", "SUCCESS"]

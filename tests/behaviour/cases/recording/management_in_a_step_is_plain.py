"""Management calls in a step run plainly and are no part of the workflow's record."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def other() -> int:
        return 5

    @DBOS.step(name="look")
    async def look() -> int:
        await DBOS.cancel_workflow_async("other")
        status = await DBOS.get_workflow_status_async("other")
        found = await DBOS.list_workflows_async(workflow_ids=["other"])
        handle = await DBOS.retrieve_workflow_async("other")
        assert status is not None
        assert status.status == found[0].status == (await handle.get_status()).status
        result: int = await handle.get_result()
        return result

    @DBOS.workflow()
    async def looking() -> int:
        return await look()

    with SetWorkflowID("other"):
        await other()
    handle = await DBOS.start_workflow_async(looking)
    assert await handle.get_result() == 5
    assert app.recorded(handle.workflow_id) == {1: "look"}

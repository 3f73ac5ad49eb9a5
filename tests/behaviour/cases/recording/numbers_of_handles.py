"""Asking for a result or a status takes one number; retrieving a workflow that need not exist takes none."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def other() -> int:
        return 5

    @DBOS.workflow()
    async def asking() -> int:
        waited = await DBOS.retrieve_workflow_async("other", existing_workflow=False)
        found = await DBOS.retrieve_workflow_async("other")
        await waited.get_status()
        await DBOS.get_workflow_status_async("other")
        result: int = await found.get_result()
        return result

    if app.form == "async":

        @DBOS.workflow()
        async def asking_handle() -> None:
            await (await DBOS.retrieve_workflow_async("other", existing_workflow=False)).get_status()

    with SetWorkflowID("other"):
        await other()
    handle = await DBOS.start_workflow_async(asking)
    assert await handle.get_result() == 5
    assert app.recorded(handle.workflow_id) == {
        1: "DBOS.getStatus",
        2: "DBOS.getStatus",
        3: "DBOS.getStatus",
        4: "DBOS.getResult",
    }

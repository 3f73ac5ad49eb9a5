"""What the caller's block or step set for itself does not leak into the workflow that it starts."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def child() -> str:
        return DBOS.workflow_id

    @DBOS.workflow()
    async def parent() -> str:
        return await child()

    with SetWorkflowID("chosen"):
        handle = await DBOS.start_workflow_async(parent)
        assert await handle.get_result() == "chosen-1"
    assert not any("WARNING" in line for line in app.log)

"""A stored error that cannot be read does not break a listing either."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def failing() -> None:
        raise ValueError("no")

    with SetWorkflowID("failing"):
        handle = await DBOS.start_workflow_async(failing)
    try:
        await handle.get_result()
    except ValueError:
        app.sql("UPDATE {dbos}workflows SET error = 'broken'")
    (found,) = await DBOS.list_workflows_async()
    assert (found.workflow_id, found.status) == ("failing", "ERROR")
    assert found.error is not None

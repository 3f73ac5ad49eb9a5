"""A message to a finished workflow is accepted and never read."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def done() -> int:
        return 1

    handle = await DBOS.start_workflow_async(done)
    await handle.get_result()
    await DBOS.send_async(handle.workflow_id, "too late")
    assert [row["taken_by"] for row in app.rows("messages")] == [None]

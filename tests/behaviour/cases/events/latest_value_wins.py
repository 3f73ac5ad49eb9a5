"""An event has the value that was set last, and keeps it after the workflow has ended."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def publishing() -> None:
        for percent in (0, 50, 100):
            await DBOS.set_event_async("progress", percent)
        await DBOS.set_event_async("name", "report")

    handle = await DBOS.start_workflow_async(publishing)
    await handle.get_result()
    assert await DBOS.get_event_async(handle.workflow_id, "progress") == 100
    assert await DBOS.get_event_async(handle.workflow_id, "name") == "report"
    assert app.counts()["events"] == 2

"""Getting an event waits until it is set for the first time."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def publishing() -> None:
        await gate.wait_async()
        await DBOS.set_event_async("ready", "yes")

    @DBOS.workflow()
    async def watching() -> object:
        return await DBOS.get_event_async("publisher", "ready", timeout_seconds=3600)

    with SetWorkflowID("publisher"):
        await DBOS.start_workflow_async(publishing)
    watcher = await DBOS.start_workflow_async(watching)
    await app.until_async(lambda: app.recorded(watcher.workflow_id) == {2: "DBOS.sleep"})
    gate.open()
    assert await watcher.get_result(timeout_seconds=20) == "yes"
    assert await DBOS.get_event_async("publisher", "ready", timeout_seconds=0) == "yes"

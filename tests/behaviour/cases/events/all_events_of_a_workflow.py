"""get_all_events gives every event of a workflow by key, each in its latest value."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def publishing() -> None:
        await DBOS.set_event_async("progress", 1)
        await DBOS.set_event_async("progress", 2)
        await DBOS.set_event_async("names", ("ann", "bob"))

    handle = await DBOS.start_workflow_async(publishing)
    await handle.get_result()
    assert await DBOS.get_all_events_async(handle.workflow_id) == {"progress": 2, "names": ("ann", "bob")}
    assert await DBOS.get_all_events_async("missing") == {}
    assert app.counts()["events"] == 2

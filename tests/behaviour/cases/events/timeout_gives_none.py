"""Getting an event that is not set in time gives None, and so does asking a workflow that does not exist."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def silent() -> list[object]:
        return [
            await DBOS.get_event_async(DBOS.workflow_id, "key", timeout_seconds=0.01),
            await DBOS.get_event_async("missing", "key", timeout_seconds=0),
        ]

    handle = await DBOS.start_workflow_async(silent)
    assert await handle.get_result() == [None, None]
    assert await DBOS.get_event_async(handle.workflow_id, "key", timeout_seconds=0.01) is None
    assert await DBOS.get_event_async("missing", "key", timeout_seconds=0.01) is None
    assert await DBOS.get_event_async("missing", "key", timeout_seconds=-1) is None

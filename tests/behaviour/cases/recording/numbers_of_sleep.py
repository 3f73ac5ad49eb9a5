"""A sleep takes one number, and a sleep of nothing takes none and returns at once, outside workflows too."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> None:
        await DBOS.sleep_async(0)
        await DBOS.sleep_async(-1)
        await DBOS.sleep_async(0.001)
        await DBOS.set_event_async("awake", True)

    await DBOS.sleep_async(0)
    handle = await DBOS.start_workflow_async(sleeping)
    await handle.get_result()
    assert app.recorded(handle.workflow_id) == {1: "DBOS.sleep", 2: "DBOS.setEvent"}

"""A replayed set_event does not write again: a recovered workflow does not show old progress."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def publishing() -> None:
        await DBOS.set_event_async("progress", 1)
        await DBOS.set_event_async("progress", 2)

    handle = await DBOS.start_workflow_async(publishing)
    await handle.get_result()
    app.sql("UPDATE {dbos}events SET value = '99'")
    await app.rerun_async(handle.workflow_id, keep=2)
    assert await DBOS.get_event_async(handle.workflow_id, "progress") == 99
    await app.rerun_async(handle.workflow_id, keep=1)
    assert await DBOS.get_event_async(handle.workflow_id, "progress") == 2

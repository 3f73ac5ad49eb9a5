"""The timeout of a receive is one deadline across crashes: a recovered workflow waits for the rest of it only."""

import time

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> object:
        return await DBOS.recv_async("late", timeout_seconds=3600)

    handle = await DBOS.start_workflow_async(waiting)
    await app.until_async(lambda: app.recorded(handle.workflow_id) == {2: "DBOS.sleep"})
    await app.crash_async()
    # As if the process had been away for all but the last moment of the hour.
    assert app.sql("SELECT output FROM {dbos}steps")[0]["output"]
    app.sql("UPDATE {dbos}steps SET output = :time", time=repr(time.time() + 0.05))
    app.launch()
    again = await DBOS.retrieve_workflow_async(handle.workflow_id)
    assert await again.get_result(timeout_seconds=20) is None

"""A sleep records its wake-up time before it begins, so that a recovered workflow sleeps the remainder only."""

import time

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> str:
        await DBOS.sleep_async(3600)
        return "rested"

    handle = await DBOS.start_workflow_async(sleeping)
    await app.until_async(lambda: app.recorded(handle.workflow_id) == {1: "DBOS.sleep"})
    wake_up = float(app.rows("steps")[0]["output"])
    assert 3500 < wake_up - time.time() <= 3600
    await app.crash_async()
    app.sql("UPDATE {dbos}steps SET output = :time", time=repr(time.time() + 0.05))
    app.launch()
    again = await DBOS.retrieve_workflow_async(handle.workflow_id)
    assert await again.get_result(timeout_seconds=20) == "rested"

"""A recovered workflow whose wake-up time has passed does not sleep again."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> str:
        await DBOS.sleep_async(0.001)
        return "rested"

    handle = await DBOS.start_workflow_async(sleeping)
    assert await handle.get_result() == "rested"
    app.sql("UPDATE {dbos}steps SET output = '1.5'")
    assert await app.rerun_async(handle.workflow_id, keep=1) == "rested"

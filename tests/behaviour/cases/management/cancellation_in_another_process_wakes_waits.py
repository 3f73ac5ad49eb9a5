"""A cancellation by another process ends a sleep, a receive and a wait, also when no signal of it arrives."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> None:
        await DBOS.sleep_async(3600)

    @DBOS.workflow()
    async def receiving() -> None:
        await DBOS.recv_async(timeout_seconds=3600)

    @DBOS.workflow()
    async def watching() -> None:
        await DBOS.get_event_async("nobody", "nothing", timeout_seconds=3600)

    @DBOS.workflow()
    async def parent() -> None:
        await sleeping()

    handles = [await DBOS.start_workflow_async(each) for each in (sleeping, receiving, watching, parent)]
    await app.until_async(lambda: app.counts()["steps"] == 5)
    app.sql("UPDATE {dbos}workflows SET status = 'CANCELLED'")
    for handle in handles:
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await handle.get_result(timeout_seconds=20)
    # The runs themselves ended too: nothing is left to wait for.
    await app.crash_async()
    assert [line for line in app.log if "ERROR" in line] == []

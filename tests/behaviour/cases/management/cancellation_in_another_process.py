"""A cancellation by another process reaches the running workflow: its next write is refused."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    done: list[str] = []

    @DBOS.step()
    async def work() -> None:
        working.open()
        await gate.wait_async()

    @DBOS.workflow()
    async def long() -> None:
        await work()
        done.append("went on")

    handle = await DBOS.start_workflow_async(long)
    await working.wait_async()
    app.sql("UPDATE {dbos}workflows SET status = 'CANCELLED'")
    gate.open()
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    assert done == []
    assert app.counts()["steps"] == 0

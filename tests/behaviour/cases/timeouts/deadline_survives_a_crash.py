"""A recovered workflow keeps its deadline: when that has passed meanwhile, it is cancelled at once."""

import time

import pytest

from dbos_typed import DBOS, SetWorkflowID, SetWorkflowTimeout, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()

    @DBOS.workflow()
    async def work() -> None:
        working.open()
        await gate.wait_async()
        await DBOS.recv_async(timeout_seconds=60)

    with SetWorkflowTimeout(0.2), SetWorkflowID("late"):
        await DBOS.start_workflow_async(work)
    await working.wait_async()
    deadline = app.row("late")["deadline"]
    await app.crash_async()
    assert app.row("late")["status"] == "PENDING"
    time.sleep(0.25)
    gate.open()
    app.launch()
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await (await DBOS.retrieve_workflow_async("late")).get_result(timeout_seconds=20)
    assert app.row("late")["deadline"] == deadline

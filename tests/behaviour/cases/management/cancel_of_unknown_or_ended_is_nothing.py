"""Cancelling an unknown or ended workflow does nothing and raises nothing."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def done() -> int:
        return 5

    with SetWorkflowID("done"):
        await done()
    before = app.row("done")
    await DBOS.cancel_workflow_async("done")
    await DBOS.cancel_workflow_async("missing")
    assert app.row("done") == before
    assert app.counts()["workflows"] == 1

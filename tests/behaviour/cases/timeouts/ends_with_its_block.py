"""A timeout holds for every workflow started in its block and for none after it; an inner block's replaces it."""

from dbos_typed import DBOS, SetWorkflowTimeout
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def work() -> str:
        return DBOS.workflow_id

    with SetWorkflowTimeout(60):
        outer = [await work()]
        with SetWorkflowTimeout(5):
            inner = await work()
        outer.append(await work())
    after = await work()
    assert [app.row(workflow_id)["timeout_ms"] for workflow_id in outer] == [60_000, 60_000]
    assert app.row(inner)["timeout_ms"] == 5000
    assert (app.row(after)["timeout_ms"], app.row(after)["deadline"]) == (None, None)

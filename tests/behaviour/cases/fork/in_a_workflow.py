"""A fork in a workflow takes two numbers, and a recovery does not fork again."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def work() -> int:
        return 7

    @DBOS.workflow()
    async def forking() -> int:
        handle = await DBOS.fork_workflow_async("w", 1, workflow=work)
        return await handle.get_result()

    with SetWorkflowID("w"):
        await work()
    with SetWorkflowID("f"):
        assert await forking() == 7
    assert app.recorded("f") == {1: "DBOS.forkWorkflow", 2: "DBOS.getStatus", 3: "DBOS.getResult"}
    assert await app.rerun_async("f", keep=1) == 7
    assert len(app.rows("workflows")) == 3

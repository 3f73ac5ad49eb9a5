"""recover_pending_workflows takes over what the named executors left, gives handles of it, and the second time none."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def work(name: str) -> str:
        await gate.wait_async()
        return name

    gate.open()
    for name in ("one", "two", "three"):
        with SetWorkflowID(name):
            await work(name)
        app.rewind(name, keep=0)
    app.sql("UPDATE {dbos}workflows SET executor_id = workflow_id")
    handles = await DBOS.recover_pending_workflows_async(["one", "two", "nobody"])
    assert sorted([await handle.get_result(timeout_seconds=20) for handle in handles]) == ["one", "two"]
    assert await DBOS.recover_pending_workflows_async(["one", "two"]) == []
    assert app.row("three")["status"] == "PENDING"

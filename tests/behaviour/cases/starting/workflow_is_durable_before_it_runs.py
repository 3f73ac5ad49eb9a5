"""When a start returns, the workflow is stored with its inputs, and a crash at that moment does not lose it."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def greeting(name: str, *, loud: bool = False) -> str:
        await gate.wait_async()
        return name.upper() if loud else name

    handle = await DBOS.start_workflow_async(greeting, "ann", loud=True)
    row = app.row(handle.workflow_id)
    assert (row["status"], row["executor_id"], row["app_version"]) == ("PENDING", "here", "1")
    await app.crash_async()
    gate.open()
    app.launch()
    again = await DBOS.retrieve_workflow_async(handle.workflow_id, workflow=greeting)
    assert await again.get_result(timeout_seconds=20) == "ANN"

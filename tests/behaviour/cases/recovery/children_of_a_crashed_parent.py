"""A crash while a parent waits for its child loses neither: both go on, and the child runs in one execution."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    runs: list[str] = []

    @DBOS.workflow()
    async def child() -> str:
        runs.append("child")
        working.open()
        await gate.wait_async()
        return "from the child"

    @DBOS.workflow()
    async def parent() -> str:
        runs.append("parent")
        return await child()

    handle = await DBOS.start_workflow_async(parent)
    await working.wait_async()
    await app.crash_async()
    gate.open()
    runs.clear()
    app.launch()
    again = await DBOS.retrieve_workflow_async(handle.workflow_id)
    assert await again.get_result(timeout_seconds=20) == "from the child"
    assert sorted(runs) == ["child", "parent"]

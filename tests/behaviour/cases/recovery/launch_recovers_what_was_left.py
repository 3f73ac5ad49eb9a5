"""Launch runs again what this executor left behind, from the last recorded step, and counts the attempt."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    calls: list[str] = []

    @DBOS.step()
    async def work(name: str) -> None:
        calls.append(name)

    @DBOS.workflow()
    async def long(name: str) -> str:
        await work("first")
        working.open()
        await gate.wait_async()
        await work("second")
        return name

    handle = await DBOS.start_workflow_async(long, "ann")
    await working.wait_async()
    await app.crash_async()
    gate.open()
    app.launch()
    again = await DBOS.retrieve_workflow_async(handle.workflow_id)
    assert await again.get_result(timeout_seconds=20) == "ann"
    assert calls == ["first", "second"]
    assert app.row(handle.workflow_id)["recovery_attempts"] == 1

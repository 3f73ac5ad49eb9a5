"""Resuming a cancelled workflow runs it on from its last recorded step, and its attempts are counted anew."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    calls: list[str] = []

    @DBOS.step()
    async def work(name: str) -> str:
        calls.append(name)
        return name

    @DBOS.workflow()
    async def long() -> list[str]:
        first = await work("first")
        working.open()
        await gate.wait_async()
        return [first, await work("second")]

    handle = await DBOS.start_workflow_async(long)
    await working.wait_async()
    await DBOS.cancel_workflow_async(handle.workflow_id)
    gate.open()
    app.sql("UPDATE {dbos}workflows SET recovery_attempts = 17")
    resumed = await DBOS.resume_workflow_async(handle.workflow_id)
    assert resumed.workflow_id == handle.workflow_id
    assert await resumed.get_result(timeout_seconds=20) == ["first", "second"]
    assert calls == ["first", "second"]
    assert app.row(handle.workflow_id)["recovery_attempts"] == 0

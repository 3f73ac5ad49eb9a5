"""Deleting a running workflow stops it at its next call; its id is free at once."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    done: list[str] = []

    @DBOS.step()
    async def work(name: str) -> None:
        done.append(name)

    @DBOS.workflow()
    async def long(name: str) -> str:
        working.open()
        await gate.wait_async()
        await work(name)
        return name

    with SetWorkflowID("w"):
        await DBOS.start_workflow_async(long, "deleted")
    await working.wait_async()
    await DBOS.delete_workflow_async("w")
    assert app.counts()["workflows"] == 0
    gate.open()
    with SetWorkflowID("w"):
        handle = await DBOS.start_workflow_async(long, "new")
    assert await handle.get_result(timeout_seconds=20) == "new"
    assert done == ["new"]
    assert app.row("w")["status"] == "SUCCESS"

"""Deleting a running workflow stops it at its next call; its id is free at once, and who waits is told."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
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

    @DBOS.workflow()
    async def waiting() -> str:
        try:
            return str(await (await DBOS.retrieve_workflow_async("w")).get_result())
        except error.DBOSNonExistentWorkflowError as deleted:
            return deleted.workflow_id

    with SetWorkflowID("w"):
        deleted = await DBOS.start_workflow_async(long, "deleted")
    await working.wait_async()
    with SetWorkflowID("waiting"):
        waiter = await DBOS.start_workflow_async(waiting)
    await app.until_async(lambda: app.recorded("waiting") == {1: "DBOS.getStatus"})
    await DBOS.delete_workflow_async("w")
    assert [row["workflow_id"] for row in app.rows("workflows")] == ["waiting"]
    gate.open()
    # Nobody is left waiting for it.
    with pytest.raises(error.DBOSNonExistentWorkflowError):
        await deleted.get_result(timeout_seconds=20)
    assert await waiter.get_result(timeout_seconds=20) == "w"
    assert await app.rerun_async("waiting", keep=2) == "w"
    with SetWorkflowID("w"):
        handle = await DBOS.start_workflow_async(long, "new")
    assert await handle.get_result(timeout_seconds=20) == "new"
    assert done == ["new"]
    assert app.row("w")["status"] == "SUCCESS"

"""A failed workflow may be forked before its failure, and a running one while it runs."""

import pytest

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    is_repaired = [False]

    @DBOS.step()
    async def work(name: str) -> str:
        if name == "b" and not is_repaired[0]:
            raise LookupError(name)
        return name

    @DBOS.workflow()
    async def failing() -> list[str]:
        return [await work("a"), await work("b")]

    @DBOS.workflow()
    async def running() -> str:
        done = await work("a")
        if DBOS.workflow_id == "runs":
            working.open()
            await gate.wait_async()
        return done

    with SetWorkflowID("failed"), pytest.raises(LookupError):
        await failing()
    is_repaired[0] = True
    repaired = await DBOS.fork_workflow_async("failed", 2)
    assert await repaired.get_result(timeout_seconds=20) == ["a", "b"]
    assert app.row("failed")["status"] == "ERROR"

    with SetWorkflowID("runs"):
        original = await DBOS.start_workflow_async(running)
    await working.wait_async()
    copy = await DBOS.fork_workflow_async("runs", 2)
    assert await copy.get_result(timeout_seconds=20) == "a"
    assert app.row("runs")["status"] == "PENDING"
    gate.open()
    assert await original.get_result(timeout_seconds=20) == "a"

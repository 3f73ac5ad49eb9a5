"""A coroutine that stops waiting for a workflow it called does not stop the workflow, which ends by itself.

Older behaviour: the cancelled task took the workflow along, and left it PENDING until the next launch.
"""

import asyncio

import pytest

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

FORMS = ("async",)  # a blocking call cannot be given up


async def check(app: App) -> None:
    gate = app.gate()
    begun: list[str] = []

    @DBOS.step()
    async def work() -> str:
        begun.append("work")
        await gate.wait_async()
        return "done"

    @DBOS.workflow()
    async def flow() -> str:
        begun.append("flow")
        return await work()

    with SetWorkflowID("w"), pytest.raises(TimeoutError):
        await asyncio.wait_for(flow(), 0.1)
    await app.until_async(lambda: begun == ["flow", "work"])
    assert app.row("w")["status"] == "PENDING"
    # Whoever calls it by its id attaches to it.
    with SetWorkflowID("w"):
        again = asyncio.create_task(flow())
    await asyncio.sleep(0)
    gate.open()
    assert await again == "done"
    assert app.row("w")["status"] == "SUCCESS"
    with SetWorkflowID("w"):
        assert await flow() == "done"
    assert begun == ["flow", "work"]
    assert app.row("w")["recovery_attempts"] == 0
    assert not any(line.startswith(("WARNING", "ERROR")) for line in app.log)

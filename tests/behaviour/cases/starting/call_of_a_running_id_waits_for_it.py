"""Calling the id of a workflow that runs already waits for that run and returns its result; nothing runs twice."""

import asyncio
import threading

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    runs: list[str] = []

    @DBOS.workflow()
    async def slow() -> str:
        runs.append("run")
        await gate.wait_async()
        return "done"

    with SetWorkflowID("slow"):
        handle = await DBOS.start_workflow_async(slow)
    await app.until_async(lambda: runs)
    if app.form == "async":
        asyncio.get_running_loop().call_later(0.1, gate.open)
    else:
        threading.Timer(0.1, gate.open).start()
    with SetWorkflowID("slow"):
        assert await slow() == "done"
    assert await handle.get_result(timeout_seconds=20) == "done"
    assert runs == ["run"]

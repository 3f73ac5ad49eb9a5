"""Resuming a running workflow never runs it twice, a finished one keeps its outcome, an unknown one raises."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    runs: list[str] = []

    @DBOS.workflow()
    async def slow() -> str:
        runs.append("run")
        await gate.wait_async()
        return "done"

    handle = await DBOS.start_workflow_async(slow)
    running = await DBOS.resume_workflow_async(handle.workflow_id)
    gate.open()
    assert await running.get_result(timeout_seconds=20) == "done"
    finished = await DBOS.resume_workflow_async(handle.workflow_id)
    assert await finished.get_result(timeout_seconds=20) == "done"
    assert runs == ["run"]
    with pytest.raises(error.DBOSNonExistentWorkflowError, match="'missing'"):
        await DBOS.resume_workflow_async("missing")

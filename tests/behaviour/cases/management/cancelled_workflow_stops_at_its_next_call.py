"""A cancelled workflow is preempted at its next recorded call; what it did before stays, and nothing more is done."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    steps: list[str] = []

    @DBOS.step()
    async def work(name: str) -> None:
        steps.append(name)

    @DBOS.workflow()
    async def long() -> None:
        await work("first")
        working.open()
        await gate.wait_async()
        try:
            await work("second")
        except Exception:  # a cancellation must not be taken for a failure of the step
            steps.append("swallowed")
        await work("third")

    handle = await DBOS.start_workflow_async(long)
    await working.wait_async()
    await DBOS.cancel_workflow_async(handle.workflow_id)
    gate.open()
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    assert steps == ["first"]
    assert app.recorded(handle.workflow_id) == {1: "check.<locals>.work"}

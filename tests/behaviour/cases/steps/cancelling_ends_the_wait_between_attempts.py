"""A workflow cancelled while a step waits for its next attempt stops at once, without another attempt."""

import pytest

from dbos_typed import DBOS, error
from dbos_typed.runtime import current
from tests.behaviour.app import App


async def check(app: App) -> None:
    failed = app.gate()
    attempts: list[int] = []

    @DBOS.step(retries_allowed=True, interval_seconds=3600, max_attempts=10)
    async def failing() -> None:
        attempts.append(1)
        failed.open()
        raise ConnectionError

    @DBOS.workflow()
    async def calling() -> None:
        await failing()

    handle = await DBOS.start_workflow_async(calling)
    await failed.wait_async()
    await app.until_async(lambda: any("attempt 1 of 10" in line for line in app.log))
    await DBOS.cancel_workflow_async(handle.workflow_id)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handle.get_result(timeout_seconds=20)
    await app.until_async(lambda: not _is_active(handle.workflow_id))
    assert len(attempts) == 1


def _is_active(workflow_id: str) -> bool:
    return current.get().engine.runs.is_active(workflow_id)

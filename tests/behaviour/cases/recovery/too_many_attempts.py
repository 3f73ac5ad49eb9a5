"""A workflow recovered more often than max_recovery_attempts is set aside, until it is resumed."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[int] = []

    @DBOS.workflow(max_recovery_attempts=2)
    async def dying() -> int:
        runs.append(1)
        return len(runs)

    with SetWorkflowID("dying"):
        await dying()
    assert [await app.rerun_async("dying", keep=0) for _ in range(2)] == [2, 3]

    app.rewind("dying", keep=0)
    assert await app.recover_async() == []
    handle = await DBOS.retrieve_workflow_async("dying")
    with pytest.raises(error.DBOSAwaitedWorkflowRetriesExceededError, match="'dying'"):
        await handle.get_result(timeout_seconds=20)
    assert app.row("dying")["status"] == "RETRIES_EXCEEDED"
    assert len(runs) == 3

    resumed = await DBOS.resume_workflow_async("dying")
    assert await resumed.get_result(timeout_seconds=20) == 4
    assert app.row("dying")["recovery_attempts"] == 0

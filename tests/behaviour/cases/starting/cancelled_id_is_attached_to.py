"""Starting the id of a cancelled workflow gives a handle whose result raises the matching error."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[str] = []

    @DBOS.workflow()
    async def ended() -> None:
        runs.append("run")

    outcomes = {
        "CANCELLED": error.DBOSAwaitedWorkflowCancelledError,
        "RETRIES_EXCEEDED": error.DBOSAwaitedWorkflowRetriesExceededError,
    }
    for status, expected in outcomes.items():
        with SetWorkflowID(status):
            await ended()
        app.sql("UPDATE {dbos}workflows SET status = :status WHERE workflow_id = :status", status=status)
        with SetWorkflowID(status):
            handle = await DBOS.start_workflow_async(ended)
        with pytest.raises(expected, match=status):
            await handle.get_result(timeout_seconds=20)
        with SetWorkflowID(status), pytest.raises(expected):
            await ended()
    assert runs == ["run"] * 2

"""Waiting for a workflow that exceeded its recovery attempts raises at once.

Older behaviour: the wait hung for ever.
"""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def dying() -> None: ...

    @DBOS.workflow()
    async def waiting() -> str:
        try:
            await (await DBOS.retrieve_workflow_async("dying")).get_result()
        except error.DBOSAwaitedWorkflowRetriesExceededError as exceeded:
            return str(exceeded)
        return "a result"

    with SetWorkflowID("dying"):
        await dying()
    app.sql("UPDATE {dbos}workflows SET status = 'RETRIES_EXCEEDED'")
    with pytest.raises(error.DBOSAwaitedWorkflowRetriesExceededError):
        await (await DBOS.retrieve_workflow_async("dying")).get_result(timeout_seconds=20)
    waiter = await DBOS.start_workflow_async(waiting)
    assert "resume_workflow('dying')" in await waiter.get_result(timeout_seconds=20)

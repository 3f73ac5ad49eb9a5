"""A workflow that is cancelled after its last step ends CANCELLED: storing the outcome is conditional.

Older behaviour: it ended SUCCESS.
"""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working, ended = app.gate(), app.gate(), app.gate()

    @DBOS.workflow()
    async def nearly_done(is_failing: bool) -> str:
        working.open()
        try:
            await gate.wait_async()
            if is_failing:
                raise ValueError("too late to fail")
            return "too late to succeed"
        finally:
            ended.open()

    handles = [await DBOS.start_workflow_async(nearly_done, is_failing) for is_failing in (False, True)]
    await working.wait_async()
    for handle in handles:
        await DBOS.cancel_workflow_async(handle.workflow_id)
    gate.open()
    await ended.wait_async()
    for handle in handles:
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await handle.get_result(timeout_seconds=20)
        row = app.row(handle.workflow_id)
        assert (row["status"], row["output"], row["error"]) == ("CANCELLED", None, None)

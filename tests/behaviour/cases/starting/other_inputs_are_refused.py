"""An id that exists with other inputs is refused, and with on_input_conflict 'warn' the stored inputs are what runs."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    @DBOS.workflow()
    async def doubling(number: int) -> int:
        return 2 * number

    app.launch()
    with SetWorkflowID("doubling"):
        assert await doubling(4) == 8
    with SetWorkflowID("doubling"), pytest.raises(error.DBOSConflictingWorkflowError, match="other inputs"):
        await DBOS.start_workflow_async(doubling, 5)
    await app.crash_async()

    app.launch(on_input_conflict="warn")
    with SetWorkflowID("doubling"):
        handle = await DBOS.start_workflow_async(doubling, 5)
    assert await handle.get_result() == 8
    assert any(line.startswith("WARNING") and "other inputs" in line for line in app.log)

"""Retrieving with workflow= checks the stored name: another function raises DBOSWorkflowTypeMismatchError."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="counting")
    async def counting() -> int:
        return 3

    @DBOS.workflow(name="naming")
    async def naming() -> str:
        return "ann"

    handle = await DBOS.start_workflow_async(counting)
    found = await DBOS.retrieve_workflow_async(handle.workflow_id, workflow=counting)
    assert await found.get_result() == 3
    with pytest.raises(error.DBOSWorkflowTypeMismatchError) as mismatch:
        await DBOS.retrieve_workflow_async(handle.workflow_id, workflow=naming)
    assert (mismatch.value.expected, mismatch.value.stored) == ("naming", "counting")

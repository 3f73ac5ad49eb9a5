"""Sending to a workflow that does not exist raises, and in a workflow that error is recorded.

Older behaviour: a foreign key error of the database, which was not recorded.
"""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def reading() -> object:
        return await DBOS.recv_async(timeout_seconds=0)

    @DBOS.workflow()
    async def sending() -> str:
        try:
            await DBOS.send_async("missing", 1)
        except error.DBOSNonExistentWorkflowError as unknown:
            return f"no {unknown.workflow_id}"
        return "sent"

    with pytest.raises(error.DBOSNonExistentWorkflowError, match="'missing'"):
        await DBOS.send_async("missing", 1)
    handle = await DBOS.start_workflow_async(sending)
    assert await handle.get_result() == "no missing"
    assert app.recorded(handle.workflow_id) == {1: "DBOS.send"}
    with SetWorkflowID("missing"):
        await reading()
    assert await app.rerun_async(handle.workflow_id, keep=1) == "no missing"
    assert app.counts()["messages"] == 0
    assert await app.rerun_async(handle.workflow_id, keep=0) == "sent"

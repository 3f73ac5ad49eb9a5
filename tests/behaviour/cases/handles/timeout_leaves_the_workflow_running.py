"""A result that does not come in time raises TimeoutError; the workflow goes on."""

import pytest

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def slow() -> int:
        await gate.wait_async()
        return 1

    @DBOS.workflow()
    async def impatient(workflow_id: str) -> str:
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        try:
            await handle.get_result(timeout_seconds=0.01)
        except TimeoutError:
            return "too slow"
        return "a result"

    handle = await DBOS.start_workflow_async(slow)
    with pytest.raises(TimeoutError, match=handle.workflow_id):
        await handle.get_result(timeout_seconds=0.01)
    other = await DBOS.start_workflow_async(impatient, handle.workflow_id)
    assert await other.get_result(timeout_seconds=20) == "too slow"
    gate.open()
    assert await handle.get_result(timeout_seconds=20) == 1
    # The timeout is part of the record, so the recovered workflow takes the same branch.
    assert await app.rerun_async(other.workflow_id, keep=2) == "too slow"

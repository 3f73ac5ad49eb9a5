"""A stream that is not closed ends with its workflow, whether that succeeds, fails or is cancelled."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def writing(outcome: str) -> None:
        await DBOS.write_stream_async("words", outcome)
        if outcome == "fails":
            raise ValueError(outcome)
        if outcome == "is cancelled":
            await DBOS.cancel_workflow_async(DBOS.workflow_id)
            await DBOS.write_stream_async("words", "too late")

    handles = [await DBOS.start_workflow_async(writing, outcome) for outcome in ("ends", "fails", "is cancelled")]
    read = [[value async for value in DBOS.read_stream_async(handle.workflow_id, "words")] for handle in handles]
    assert read == [["ends"], ["fails"], ["is cancelled"]]
    with pytest.raises(ValueError, match="fails"):
        await handles[1].get_result(timeout_seconds=20)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await handles[2].get_result(timeout_seconds=20)
    assert [value async for value in DBOS.read_stream_async(handles[0].workflow_id, "never written")] == []
    assert len(app.rows("workflows")) == 3

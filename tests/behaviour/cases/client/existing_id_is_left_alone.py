"""Enqueueing an id that exists attaches to it; with other inputs, or of another workflow, it is refused."""

import pytest

from dbos_typed import DBOS, DBOSClient, Queue
from dbos_typed.error import DBOSConflictingWorkflowError
from tests.behaviour.app import App


async def check(app: App) -> None:
    Queue("work")

    @DBOS.workflow(name="double")
    async def double(number: int) -> int:
        return number * 2

    with DBOSClient(app.database_url) as client:
        options = {"workflow_name": "double", "queue_name": "work", "workflow_id": "w"}
        first = await client.enqueue_async(options, 4)
        assert await first.get_result() == 8
        assert await (await client.enqueue_async(options, 4)).get_result() == 8
        with pytest.raises(DBOSConflictingWorkflowError, match="other inputs"):
            await client.enqueue_async(options, 5)
        with pytest.raises(DBOSConflictingWorkflowError, match="'other'"):
            await client.enqueue_async({**options, "workflow_name": "other"}, 4)
    assert len(app.rows("workflows")) == 1

"""A filter with a value that means nothing is refused with its name and what to write."""

from datetime import datetime

import pytest

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    with pytest.raises(ValueError, match="DONE.*ENQUEUED, PENDING"):
        await DBOS.list_workflows_async(status="DONE")
    with pytest.raises(ValueError, match="start_time.*time zone"):
        await DBOS.list_workflows_async(start_time=datetime(2025, 1, 1))
    with pytest.raises(ValueError, match="end_time.*time zone"):
        await DBOS.list_workflows_async(end_time="2025-01-01T00:00:00")
    with pytest.raises(ValueError, match="yesterday"):
        await DBOS.list_workflows_async(start_time="yesterday")
    with pytest.raises(ValueError, match="limit is -1"):
        await DBOS.list_workflows_async(limit=-1)
    with pytest.raises(ValueError, match="offset is -1"):
        await DBOS.list_workflows_async(offset=-1)
    with pytest.raises(TypeError, match="workflow_ids.*list"):
        await DBOS.list_workflows_async(workflow_ids="w1")
    with pytest.raises(ValueError, match="name.*NUL"):
        await DBOS.list_workflows_async(name="a\x00")
    with pytest.raises(TypeError, match="no filter 'state'.*did you mean 'status'"):
        await DBOS.list_workflows_async(state="PENDING")
    with pytest.raises(TypeError, match="limit is 'many'"):
        await DBOS.list_queued_workflows_async(limit="many")
    assert await DBOS.list_workflows_async(limit=10**30, offset=10**30) == []
    assert app.counts()["workflows"] == 0

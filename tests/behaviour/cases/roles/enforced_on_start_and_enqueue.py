"""Roles are required to start and to enqueue a workflow as they are to call it; a refused one leaves no row.

Older behaviour: starting a workflow in the background went past its roles.
"""

import pytest

from dbos_typed import DBOS, DBOSContextSetAuth, Queue, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("work")

    @DBOS.required_roles(["admin"])
    @DBOS.workflow()
    async def close() -> str | None:
        return DBOS.assumed_role

    with DBOSContextSetAuth("bob", ["user"]):
        with pytest.raises(error.DBOSNotAuthorizedError) as refused:
            await DBOS.start_workflow_async(close)
        with pytest.raises(error.DBOSNotAuthorizedError):
            await queue.enqueue_async(close)
    assert refused.value.status_code == 403
    assert app.counts()["workflows"] == 0
    with DBOSContextSetAuth("ann", ["admin"]):
        started = await DBOS.start_workflow_async(close)
        enqueued = await queue.enqueue_async(close)
    assert [await handle.get_result(timeout_seconds=20) for handle in (started, enqueued)] == ["admin", "admin"]

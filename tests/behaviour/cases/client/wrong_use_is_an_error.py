"""Wrong options are all named in one error, an unknown workflow and a missing database are errors; nothing is written."""

import pytest

from dbos_typed import DBOSClient
from dbos_typed.config import sibling_database
from dbos_typed.error import DBOSInitializationError, DBOSNonExistentWorkflowError
from tests.behaviour.app import App


async def check(app: App) -> None:
    before = app.counts()
    with DBOSClient(app.database_url) as client:
        with pytest.raises(ValueError, match="options of DBOSClient.enqueue") as caught:
            await client.enqueue_async({"workflow_nam": "x", "queue_name": "", "priority": 0, "workflow_timeout": -1})
        for part in ("'workflow_nam'", "'workflow_name' is missing", "queue_name is empty", "priority is 0", "-1"):
            assert part in str(caught.value)
        with pytest.raises(DBOSNonExistentWorkflowError):
            await client.retrieve_workflow_async("unknown")
        with pytest.raises(DBOSNonExistentWorkflowError):
            await client.send_async("unknown", "hello")
        with pytest.raises(DBOSNonExistentWorkflowError):
            await client.fork_workflow_async("unknown", 0)
    assert app.counts() == before
    with pytest.raises(DBOSInitializationError, match="destroyed"):
        await client.get_workflow_status_async("unknown")
    client.destroy()
    with pytest.raises(DBOSInitializationError, match="which database"):
        DBOSClient()
    if not app.is_sqlite:
        with pytest.raises(DBOSInitializationError, match="cannot be opened"):
            DBOSClient(sibling_database(app.database_url, "no_such_database"))

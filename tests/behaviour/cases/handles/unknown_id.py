"""Retrieving a workflow that does not exist raises; asking for its status gives None."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    with pytest.raises(error.DBOSNonExistentWorkflowError, match="'missing'") as unknown:
        await DBOS.retrieve_workflow_async("missing")
    assert unknown.value.workflow_id == "missing"
    assert unknown.value.status_code == 404
    assert await DBOS.get_workflow_status_async("missing") is None

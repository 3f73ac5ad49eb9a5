"""An unknown id, an id that is taken and another function are refused before anything is started."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="work")
    async def work() -> int:
        return 1

    @DBOS.workflow(name="other")
    async def other() -> int:
        return 2

    with SetWorkflowID("w"):
        await work()
    with SetWorkflowID("taken"):
        await other()
    before = app.rows("workflows")
    with pytest.raises(error.DBOSNonExistentWorkflowError, match="ID: missing"):
        await DBOS.fork_workflow_async("missing", 1)
    with pytest.raises(error.DBOSWorkflowTypeMismatchError, match="is a 'work', not a 'other'"):
        await DBOS.fork_workflow_async("w", 1, workflow=other)
    with SetWorkflowID("taken"), pytest.raises(error.DBOSConflictingWorkflowError, match="'taken'"):
        await DBOS.fork_workflow_async("w", 1)
    assert app.rows("workflows") == before
    forked = await DBOS.fork_workflow_async("w", 1, workflow=work)
    assert await forked.get_result(timeout_seconds=20) == 1

"""Restarting an unknown workflow, or one as another function, raises before anything is started."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="work")
    async def work() -> None: ...

    @DBOS.workflow(name="other")
    async def other() -> None: ...

    with SetWorkflowID("w"):
        await work()
    with pytest.raises(error.DBOSNonExistentWorkflowError, match="'missing'"):
        await DBOS.restart_workflow_async("missing")
    with pytest.raises(error.DBOSWorkflowTypeMismatchError, match="is a 'work', not a 'other'"):
        await DBOS.restart_workflow_async("w", workflow=other)
    assert app.counts()["workflows"] == 1

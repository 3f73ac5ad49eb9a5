"""Variables read where they have no value are refused with where they were read."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def step() -> str:
        with pytest.raises(error.DBOSContextError) as refused:
            _ = DBOS.sql_session
        return str(refused.value)

    @DBOS.workflow()
    async def workflow() -> list[str]:
        with pytest.raises(error.DBOSContextError) as refused:
            _ = DBOS.sql_session
        with pytest.raises(error.DBOSContextError, match="outside any step"):
            _ = DBOS.step_id
        return [str(refused.value), await step()]

    in_workflow, in_step = await workflow()
    assert "read in a workflow" in in_workflow
    assert "read in a step" in in_step
    with pytest.raises(error.DBOSContextError, match=r"outside any workflow.*@DBOS\.transaction"):
        _ = DBOS.sql_session
    with pytest.raises(error.DBOSContextError, match="outside any workflow"):
        _ = DBOS.workflow_id
    with pytest.raises(error.DBOSContextError, match="outside any step"):
        _ = DBOS.step_status
    assert app.counts()["steps"] == 1

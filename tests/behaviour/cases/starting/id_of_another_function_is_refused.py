"""An id that belongs to another function, class or instance is refused, and the error names both."""

import pytest

from dbos_typed import DBOS, DBOSConfiguredInstance, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="first")
    async def first() -> None: ...

    @DBOS.workflow(name="second")
    async def second() -> None: ...

    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance):
        @DBOS.workflow(name="restock")
        async def restock(self) -> str:
            return self.config_name

    east, west = Shop("east"), Shop("west")
    with SetWorkflowID("taken"):
        await first()
    with SetWorkflowID("stock"):
        assert await east.restock() == "east"
    before = app.counts()

    with SetWorkflowID("taken"), pytest.raises(error.DBOSConflictingWorkflowError) as refused:
        await DBOS.start_workflow_async(second)
    assert refused.value.workflow_id == "taken"
    assert "'first'" in str(refused.value)
    assert "'second'" in str(refused.value)
    with SetWorkflowID("taken"), pytest.raises(error.DBOSConflictingWorkflowError):
        await second()
    with SetWorkflowID("stock"), pytest.raises(error.DBOSConflictingWorkflowError, match=r"east.*west"):
        await DBOS.start_workflow_async(west.restock)
    assert app.counts() == before

"""A workflow method called on an instance that a recovery could not find is refused."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.dbos_class()
    class Shop:
        @DBOS.workflow()
        async def restock(self) -> None: ...

    before = app.counts()
    with pytest.raises(error.DBOSContextError, match="DBOSConfiguredInstance"):
        await Shop().restock()
    with pytest.raises(error.DBOSContextError, match="restock"):
        await DBOS.start_workflow_async(Shop().restock)
    assert app.counts() == before

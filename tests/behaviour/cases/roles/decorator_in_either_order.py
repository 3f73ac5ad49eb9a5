"""required_roles guards workflows, steps and transactions, above and below the other decorator."""

import pytest

from dbos_typed import DBOS, DBOSContextSetAuth, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.required_roles(["admin"])
    @DBOS.workflow()
    async def above() -> str | None:
        return DBOS.assumed_role

    @DBOS.workflow()
    @DBOS.required_roles(["admin"])
    async def below() -> str | None:
        return DBOS.assumed_role

    @DBOS.required_roles(["admin"])
    @DBOS.step()
    async def step() -> str | None:
        return DBOS.assumed_role

    @DBOS.transaction()
    @DBOS.required_roles(["admin"])
    def transaction() -> str | None:
        return DBOS.assumed_role

    @DBOS.workflow()
    async def using_step() -> str | None:
        return await step()

    @DBOS.workflow()
    async def using_transaction() -> str | None:
        return transaction()

    for function in (above, below, using_step, using_transaction):
        with DBOSContextSetAuth("ann", ["user", "admin"]):
            assert await function() == "admin"
        refusal = r"\['admin'\].*'bob' has the roles \['user'\]"
        with DBOSContextSetAuth("bob", ["user"]), pytest.raises(error.DBOSNotAuthorizedError, match=refusal):
            await function()
        with pytest.raises(error.DBOSNotAuthorizedError, match="nobody is authenticated"):
            await function()
    assert app.counts()["steps"] == 2

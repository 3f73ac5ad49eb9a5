"""A step that is called outside any workflow knows the role under which it was allowed, with retries and without."""

import pytest

from dbos_typed import DBOS, DBOSContextSetAuth, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.required_roles(["admin"])
    @DBOS.step()
    async def plain() -> str | None:
        return DBOS.assumed_role

    @DBOS.step(retries_allowed=True)
    @DBOS.required_roles(["admin"])
    async def retried() -> tuple[str | None, int]:
        return DBOS.assumed_role, DBOS.step_status.step_id

    with DBOSContextSetAuth("ann", ["user", "admin"]):
        assert await plain() == "admin"
        assert await retried() == ("admin", 1)
        assert DBOS.assumed_role is None
    for step in (plain, retried):
        with pytest.raises(error.DBOSNotAuthorizedError):
            await step()
    assert app.counts()["steps"] == 0

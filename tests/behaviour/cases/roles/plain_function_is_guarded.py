"""required_roles guards a function that is nothing else to the engine, and in it the assumed role is known."""

import pytest

from dbos_typed import DBOS, DBOSContextSetAuth, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.required_roles(["admin", "user"])
    async def role() -> str | None:
        return DBOS.assumed_role

    @DBOS.required_roles(["admin"])
    def blocking() -> str | None:
        return DBOS.assumed_role

    class Shop:
        @classmethod
        @DBOS.required_roles(["admin"])
        async def of_class(cls) -> tuple[str, str | None]:
            return cls.__name__, DBOS.assumed_role

        @DBOS.required_roles(["admin"])
        @staticmethod
        async def static() -> str | None:
            return DBOS.assumed_role

    with DBOSContextSetAuth("ann", ["user", "admin"]):
        assert await role() == "admin"
        assert blocking() == "admin"
        assert await Shop.of_class() == ("Shop", "admin")
        assert await Shop.static() == "admin"
        assert DBOS.assumed_role is None
    with DBOSContextSetAuth("bob", ["user"]):
        assert await role() == "user"
        with pytest.raises(error.DBOSNotAuthorizedError):
            blocking()
        for refused in (Shop.of_class, Shop.static):
            with pytest.raises(error.DBOSNotAuthorizedError, match=r"user is not authenticated for any of them"):
                await refused()
    with pytest.raises(error.DBOSNotAuthorizedError, match="without authentication information"):
        await role()
    assert app.counts()["workflows"] == 0

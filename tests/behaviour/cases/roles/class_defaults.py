"""default_required_roles guards those functions of a class and its subclasses that have none; [] opens one."""

import pytest

from dbos_typed import DBOS, DBOSConfiguredInstance, DBOSContextSetAuth, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.default_required_roles(["user"])
    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance):
        @DBOS.workflow()
        async def order(self) -> str | None:
            return DBOS.assumed_role

        @DBOS.workflow()
        @DBOS.required_roles(["admin"])
        async def close(self) -> str | None:
            return DBOS.assumed_role

        @DBOS.required_roles([])
        @DBOS.workflow()
        async def look(self) -> str | None:
            return DBOS.assumed_role

        @DBOS.workflow()
        @classmethod
        async def count(cls) -> str | None:
            return DBOS.assumed_role

        @DBOS.step()
        @classmethod
        async def price(cls) -> int:
            return 1

        @DBOS.step()
        async def stock(self) -> int:
            return 2

    @DBOS.dbos_class("Branch")
    class Branch(Shop):
        pass

    shop, branch = Shop("east"), Branch("west")
    with DBOSContextSetAuth("ann", ["user"]):
        assert await shop.order() == "user"
        assert await Shop.count() == "user"
        assert await branch.order() == "user"
        assert (await Shop.price(), await shop.stock(), await branch.stock()) == (1, 2, 2)
        assert await shop.look() is None
        with pytest.raises(error.DBOSNotAuthorizedError, match="admin"):
            await shop.close()
    assert await shop.look() is None
    for guarded in (shop.order, Shop.count, branch.order, Shop.price, shop.stock, branch.stock):
        with pytest.raises(error.DBOSNotAuthorizedError, match=r"requires one of the roles \['user'"):
            await guarded()
    assert app.counts()["workflows"] == 5

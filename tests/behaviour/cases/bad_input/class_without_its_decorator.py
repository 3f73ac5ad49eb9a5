"""A workflow method is refused when neither its class nor a base of it is registered: no recovery could find it."""

import pytest

from dbos_typed import DBOS, DBOSConfiguredInstance, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    class Shop(DBOSConfiguredInstance):
        @DBOS.workflow()
        async def restock(self) -> str:
            return self.config_name

        @classmethod
        @DBOS.workflow()
        async def count(cls) -> str:
            return cls.__name__

    before = app.counts()
    shop = Shop("east")
    refusal = r"appears to be a class instance, but is not properly registered.*@DBOS\.dbos_class\(\)"
    with pytest.raises(error.DBOSContextError, match=refusal):
        await shop.restock()
    with pytest.raises(error.DBOSContextError, match=refusal):
        await DBOS.start_workflow_async(shop.restock)
    with pytest.raises(error.DBOSContextError, match="appears to be a class, but is not properly registered"):
        await Shop.count()
    assert app.counts() == before

    DBOS.dbos_class()(Shop)

    class Branch(Shop): ...

    @DBOS.default_required_roles([])
    class Market:
        @DBOS.workflow()
        @classmethod
        async def count(cls) -> str:
            return cls.__name__

    assert await Market.count() == "Market"
    assert await shop.restock() == "east"
    assert await Shop.count() == "Shop"
    assert await Branch("west").restock() == "west"

"""A workflow method runs on its instance, which a recovery finds again by class and configured name."""

from dbos_typed import DBOS, DBOSConfiguredInstance
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance):
        def __init__(self, name: str, price: int) -> None:
            self.price = price
            super().__init__(name)

        @DBOS.step()
        async def look_up(self, count: int) -> int:
            return self.price * count

        @DBOS.workflow()
        async def quote(self, count: int) -> int:
            return await self.look_up(count)

    east, west = Shop("east", 10), Shop("west", 20)
    handles = [await DBOS.start_workflow_async(shop.quote, 3) for shop in (east, west)]
    assert [await handle.get_result() for handle in handles] == [30, 60]
    assert await east.quote(1) == 10
    row = app.row(handles[1].workflow_id)
    assert (row["class_name"], row["config_name"]) == ("Shop", "west")
    assert await app.rerun_async(handles[1].workflow_id, keep=0) == 60

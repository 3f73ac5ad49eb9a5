"""Class methods and static methods are workflows in either stacking order, and a recovery finds their class."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.dbos_class("Shop")
    class Shop:
        rate = 7

        @classmethod
        @DBOS.workflow()
        async def by_class(cls, count: int) -> int:
            return cls.rate * count

        @DBOS.workflow()
        @classmethod
        async def by_class_outside(cls, count: int) -> int:
            return cls.rate * count

        @staticmethod
        @DBOS.workflow()
        async def plain(count: int) -> int:
            return count

        @DBOS.workflow()
        @staticmethod
        async def plain_outside(count: int) -> int:
            return count

    assert [await Shop.by_class(2), await Shop.by_class_outside(2)] == [14, 14]
    assert [await Shop.plain(2), await Shop.plain_outside(2)] == [2, 2]
    results = []
    for workflow in (Shop.by_class, Shop.by_class_outside, Shop.plain, Shop.plain_outside):
        handle = await DBOS.start_workflow_async(workflow, 3)
        results.append(await handle.get_result())
        results.append(await app.rerun_async(handle.workflow_id, keep=0))
    assert results == [21, 21, 21, 21, 3, 3, 3, 3]

"""A restart is a new workflow with the inputs, function, instance, version and identity; nothing is copied."""

from dbos_typed import DBOS, DBOSConfiguredInstance, DBOSContextSetAuth, SetWorkflowID
from tests.behaviour.app import App

SAME = ("inputs", "name", "class_name", "config_name", "app_version")


async def check(app: App) -> None:
    calls: list[str] = []

    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance):
        @DBOS.step()
        async def look_up(self) -> int:
            calls.append(DBOS.workflow_id)
            return len(calls)

        @DBOS.workflow()
        async def order(self, count: int) -> tuple[str, int, int, str | None]:
            return self.config_name, count, await self.look_up(), DBOS.authenticated_user

    shop = Shop("east")
    Shop("west")
    with SetWorkflowID("first"), DBOSContextSetAuth("ann", ["user"]):
        assert await shop.order(3) == ("east", 3, 1, "ann")
    restarted = await DBOS.restart_workflow_async("first")
    assert await restarted.get_result(timeout_seconds=20) == ("east", 3, 2, "ann")
    assert calls == ["first", restarted.workflow_id]
    first, second = app.row("first"), app.row(restarted.workflow_id)
    assert [first[column] for column in SAME] == [second[column] for column in SAME]
    with SetWorkflowID("third"):
        named = await DBOS.restart_workflow_async("first", workflow=shop.order)
    assert named.workflow_id == "third"
    assert await named.get_result(timeout_seconds=20) == ("east", 3, 3, "ann")

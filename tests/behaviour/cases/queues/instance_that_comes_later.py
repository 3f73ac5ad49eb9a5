"""A queued workflow whose instance does not exist yet when it is taken is run as soon as the instance exists."""

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue, SetEnqueueOptions, SetWorkflowID
from tests.behaviour.app import App


def define() -> tuple[type[DBOSConfiguredInstance], Queue]:
    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance):
        @DBOS.workflow(name="restock")
        async def restock(self) -> str:
            return self.config_name

    return Shop, Queue("queue")


async def check(app: App) -> None:
    shop, queue = define()
    with SetWorkflowID("w"), SetEnqueueOptions(app_version="2"):
        await queue.enqueue_async(shop("east").restock)
    app.reset()
    shop, queue = define()
    app.launch(application_version="2", executor_timeout_seconds=0.6)
    await app.until_async(lambda: "cannot be run" in "\n".join(app.log))
    shop("east")
    handle = await DBOS.retrieve_workflow_async("w")
    assert await handle.get_result(timeout_seconds=20) == "east"

"""A client's calls in a workflow are the outside world: they take no step number and are no part of its record."""

from dbos_typed import DBOS, DBOSClient, Queue
from tests.behaviour.app import App


async def check(app: App) -> None:
    Queue("work")
    client = DBOSClient(app.database_url)

    @DBOS.workflow(name="child")
    async def child() -> str:
        return "child"

    @DBOS.workflow()
    async def parent() -> str:
        handle = await client.enqueue_async({"workflow_name": "child", "queue_name": "work"})
        await client.send_async(handle.workflow_id, "hello")
        assert (await client.get_workflow_status_async(handle.workflow_id)) is not None
        return f"{handle.workflow_id} {await handle.get_result()}"

    with client:
        handle = await DBOS.start_workflow_async(parent)
        child_id, _, result = (await handle.get_result()).partition(" ")
    assert result == "child"
    assert app.recorded(handle.workflow_id) == {}
    assert app.row(child_id)["parent_workflow_id"] is None

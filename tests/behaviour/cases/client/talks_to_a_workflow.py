"""A client sends messages, once for one idempotency key, and waits for events; typed keys type both."""

from dbos_typed import DBOS, DBOSClient, Event, SetWorkflowID, Topic
from tests.behaviour.app import App

PROGRESS = Event[int]("progress")
APPROVAL = Topic[str]("approval")


async def check(app: App) -> None:
    @DBOS.workflow()
    async def approve() -> list[str | None]:
        await DBOS.set_event_async(PROGRESS, 1)
        got = [await DBOS.recv_async(APPROVAL, 20), await DBOS.recv_async(timeout_seconds=20)]
        return [*got, await DBOS.recv_async(APPROVAL, 0)]

    with SetWorkflowID("w"):
        handle = await DBOS.start_workflow_async(approve)
    with DBOSClient(app.database_url) as client:
        assert await client.get_event_async("w", PROGRESS, 20) == 1
        assert await client.get_event_async("w", "nothing", 0) is None
        await client.send_async("w", "yes", APPROVAL, "key")
        await client.send_async("w", "yes", "approval", "key")
        await client.send_async("w", "done")
        assert await handle.get_result() == ["yes", "done", None]

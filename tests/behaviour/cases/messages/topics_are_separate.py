"""A receiver gets the messages of its topic only, and no topic is a topic of its own, different from an empty queue."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def reading() -> list[object]:
        await gate.wait_async()
        return [
            await DBOS.recv_async("b", timeout_seconds=0),
            await DBOS.recv_async(timeout_seconds=0),
            await DBOS.recv_async("None", timeout_seconds=0),
            await DBOS.recv_async("a", timeout_seconds=0),
            await DBOS.recv_async("a", timeout_seconds=0),
        ]

    handle = await DBOS.start_workflow_async(reading)
    await DBOS.send_async(handle.workflow_id, "for a", "a")
    await DBOS.send_async(handle.workflow_id, "for b", "b")
    await DBOS.send_async(handle.workflow_id, "for nobody in particular")
    assert [row["topic"] for row in app.rows("messages")] == ["a", "b", None]
    gate.open()
    assert await handle.get_result() == ["for b", "for nobody in particular", None, "for a", None]

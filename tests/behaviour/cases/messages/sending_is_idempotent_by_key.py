"""Outside workflows, the same idempotency key or SetWorkflowID sends once, and without one every send counts."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def reading() -> list[str]:
        await gate.wait_async()
        found: list[str] = []
        while (message := await DBOS.recv_async(timeout_seconds=0)) is not None:
            found.append(message)
        return found

    handle = await DBOS.start_workflow_async(reading)
    for attempt in range(2):
        await DBOS.send_async(handle.workflow_id, f"by key {attempt}", idempotency_key="key")
        with SetWorkflowID("block"):
            await DBOS.send_async(handle.workflow_id, f"by block {attempt}")
        await DBOS.send_async(handle.workflow_id, f"plain {attempt}")
    gate.open()
    assert await handle.get_result() == ["by key 0", "by block 0", "plain 0", "plain 1"]

"""A received message is consumed and recorded together: a recovered workflow gets the same one again."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def reading() -> list[object]:
        await gate.wait_async()
        return [await DBOS.recv_async("t", timeout_seconds=0) for _ in range(3)]

    handle = await DBOS.start_workflow_async(reading)
    await DBOS.send_async(handle.workflow_id, "first", "t")
    await DBOS.send_async(handle.workflow_id, "second", "t")
    gate.open()
    expected = ["first", "second", None]
    assert await handle.get_result() == expected
    for keep in (6, 4, 2, 0):
        assert await app.rerun_async(handle.workflow_id, keep=keep) == expected

"""Two receives of one topic under way at one time each get a message of their own."""

import asyncio

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("async",)


async def check(app: App) -> None:
    @DBOS.workflow()
    async def reading() -> list[int | None]:
        return list(await asyncio.gather(*(DBOS.recv_async("t", timeout_seconds=60) for _ in range(5))))

    handle = await DBOS.start_workflow_async(reading)
    await app.until_async(lambda: len(app.recorded(handle.workflow_id)) == 5)
    for number in range(5):
        await DBOS.send_async(handle.workflow_id, number, "t")
    received = await handle.get_result(timeout_seconds=20)
    assert set(received) == {0, 1, 2, 3, 4}
    assert await app.rerun_async(handle.workflow_id, keep=10) == received

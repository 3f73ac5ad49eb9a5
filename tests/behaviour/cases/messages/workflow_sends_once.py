"""A send in a workflow happens once, however often the workflow is recovered."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def done() -> None: ...

    @DBOS.workflow()
    async def sending(destination: str) -> None:
        for number in range(3):
            await DBOS.send_async(destination, number, "numbers")

    target = await DBOS.start_workflow_async(done)
    handle = await DBOS.start_workflow_async(sending, target.workflow_id)
    await handle.get_result()
    # With nothing kept, the message itself is found although its record is lost.
    for keep in (3, 2, 1, 0):
        await app.rerun_async(handle.workflow_id, keep=keep)
    assert [row["payload"] for row in app.rows("messages")] == ["0", "1", "2"]

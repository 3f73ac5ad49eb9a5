"""A receiver waits until a message comes, and then goes on at once."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> object:
        return await DBOS.recv_async("go", timeout_seconds=3600)

    handle = await DBOS.start_workflow_async(waiting)
    # The deadline of the wait is recorded before the wait begins.
    await app.until_async(lambda: app.recorded(handle.workflow_id) == {2: "DBOS.sleep"})
    await DBOS.send_async(handle.workflow_id, {"now": True}, "go")
    assert await handle.get_result(timeout_seconds=20) == {"now": True}

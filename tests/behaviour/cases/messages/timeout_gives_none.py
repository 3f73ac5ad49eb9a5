"""A receive that nobody answers gives None after its timeout, and that is what a recovered workflow gets too."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def waiting() -> list[object]:
        late = await DBOS.recv_async("late", timeout_seconds=0.01)
        none = await DBOS.recv_async("late", timeout_seconds=0)
        negative = await DBOS.recv_async("late", timeout_seconds=-5)
        return [late, none, negative]

    handle = await DBOS.start_workflow_async(waiting)
    assert await handle.get_result() == [None, None, None]
    await DBOS.send_async(handle.workflow_id, "too late", "late")
    assert await app.rerun_async(handle.workflow_id, keep=6) == [None, None, None]
    assert await app.rerun_async(handle.workflow_id, keep=4) == [None, None, "too late"]

"""With existing_workflow=False, retrieving waits until the workflow exists and then returns its handle.

Older behaviour: it did not wait, and the handle was of nothing.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    asking = app.gate()

    @DBOS.workflow()
    async def late() -> int:
        return 7

    @DBOS.workflow()
    async def waiting() -> str:
        asking.open()
        handle = await DBOS.retrieve_workflow_async("late", existing_workflow=False)
        return (await handle.get_status()).name

    waiter = await DBOS.start_workflow_async(waiting)
    await asking.wait_async()
    assert app.counts()["workflows"] == 1
    with SetWorkflowID("late"):
        await late()
    assert await waiter.get_result(timeout_seconds=20) == "check.<locals>.late"

"""A cancelled workflow starts no child any more, by start or by call.

Older behaviour: a cancelled parent still started children.
"""

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, ended = app.gate(), app.gate()
    found: list[str] = []

    @DBOS.workflow()
    async def child() -> None: ...

    @DBOS.workflow()
    async def parent() -> None:
        await gate.wait_async()
        try:
            await DBOS.start_workflow_async(child)
        except error.DBOSWorkflowCancelledError:
            found.append("start")
        try:
            await child()
        except error.DBOSWorkflowCancelledError:
            found.append("call")
        ended.open()

    handle = await DBOS.start_workflow_async(parent)
    await DBOS.cancel_workflow_async(handle.workflow_id)
    gate.open()
    await ended.wait_async()
    assert found == ["start", "call"]
    assert app.counts()["workflows"] == 1

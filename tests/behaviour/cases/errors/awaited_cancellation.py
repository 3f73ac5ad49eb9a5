"""A cancelled workflow that was awaited is caught as DBOSWorkflowCancelledError or Exception; uncaught, it is an error."""

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def child() -> None:
        await DBOS.cancel_workflow_async("child")
        await DBOS.sleep_async(60)

    @DBOS.workflow()
    async def parent(caught: str) -> str:
        try:
            with SetWorkflowID("child"):
                await child()
        except error.DBOSWorkflowCancelledError as cancelled:
            if caught == "nothing":
                raise
            return type(cancelled).__name__
        return "not cancelled"

    with SetWorkflowID("p"):
        assert await parent("everything") == "DBOSAwaitedWorkflowCancelledError"
    with SetWorkflowID("q"):
        handle = await DBOS.start_workflow_async(parent, "nothing")
    try:
        await handle.get_result(timeout_seconds=20)
    except Exception as raised:  # noqa: BLE001  # that it is an Exception is what matters here
        assert isinstance(raised, error.DBOSAwaitedWorkflowCancelledError)
        assert raised.workflow_id == "child"
    assert app.row("q")["status"] == "ERROR"
    assert app.row("child")["status"] == "CANCELLED"

"""Sending and setting take one number; receiving and getting take two, the second for the deadline of a wait."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def talking() -> list[object]:
        await DBOS.send_async(DBOS.workflow_id, "hello")
        await DBOS.set_event_async("state", "ready")
        received = await DBOS.recv_async()
        got = await DBOS.get_event_async(DBOS.workflow_id, "state")
        nothing = await DBOS.recv_async("nobody sends", timeout_seconds=0.01)
        unset = await DBOS.get_event_async(DBOS.workflow_id, "nobody sets", timeout_seconds=0.01)
        await DBOS.set_event_async("state", "done")
        return [received, got, nothing, unset]

    handle = await DBOS.start_workflow_async(talking)
    assert await handle.get_result() == ["hello", "ready", None, None]
    assert app.recorded(handle.workflow_id) == {
        1: "DBOS.send",
        2: "DBOS.setEvent",
        3: "DBOS.recv",
        5: "DBOS.getEvent",
        7: "DBOS.recv",
        8: "DBOS.sleep",
        9: "DBOS.getEvent",
        10: "DBOS.sleep",
        11: "DBOS.setEvent",
    }

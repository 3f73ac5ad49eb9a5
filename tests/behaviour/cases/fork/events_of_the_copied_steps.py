"""A fork shows the events that were set below its start step, and sets the later ones itself."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def publishing() -> str:
        await DBOS.set_event_async("early", "of the first")
        await DBOS.sleep_async(0.01)
        await DBOS.set_event_async("late", DBOS.workflow_id)
        return DBOS.workflow_id

    first = await DBOS.start_workflow_async(publishing)
    assert await first.get_result(timeout_seconds=20) == first.workflow_id
    second = await DBOS.fork_workflow_async(first.workflow_id, 2)
    assert await second.get_result(timeout_seconds=20) == second.workflow_id
    assert await DBOS.get_all_events_async(second.workflow_id) == {
        "early": "of the first",
        "late": second.workflow_id,
    }
    assert await DBOS.get_all_events_async(first.workflow_id) == {"early": "of the first", "late": first.workflow_id}
    assert app.recorded(second.workflow_id) == app.recorded(first.workflow_id)

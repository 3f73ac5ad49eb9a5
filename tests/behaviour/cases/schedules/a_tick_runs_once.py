"""However often a tick is fired, by one executor or several, its workflow runs once, under an id made of the time."""

from datetime import UTC, datetime

from dbos_typed import DBOS
from dbos_typed.api.registration import registry
from dbos_typed.core.ops.schedules import fire
from dbos_typed.runtime import current
from tests.behaviour.app import App

YEARLY = "0 0 1 1 *"


async def check(app: App) -> None:
    runs = []

    @DBOS.scheduled(YEARLY)
    @DBOS.workflow(name="report")
    async def report(scheduled: datetime, actual: datetime) -> None:
        runs.append((scheduled, actual))

    [schedule] = registry.schedules()
    due, late = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, 0, 0, 5, tzinfo=UTC)
    backend = current.get()
    assert await backend.run_async(fire(backend.engine, schedule, due, late))
    assert not await backend.run_async(fire(backend.engine, schedule, due, due))
    handle = await DBOS.retrieve_workflow_async(f"sched-report-{due.isoformat()}")
    await handle.get_result()
    assert runs == [(due, late)]
    assert all(moment.tzinfo is not None for moment in runs[0])
    [status] = await DBOS.list_workflows_async()
    assert (status.workflow_id, status.app_version) == ("sched-report-2030-01-01T00:00:00+00:00", "1")

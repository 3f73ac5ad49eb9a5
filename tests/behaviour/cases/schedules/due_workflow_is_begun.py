"""A scheduled workflow begins within its second, also when it is defined after launch, with both times in UTC."""

from datetime import UTC, datetime

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs = []

    @DBOS.scheduled("* * * * * *")
    @DBOS.workflow(name="tick")
    async def tick(scheduled: datetime, actual: datetime) -> None:
        runs.append((scheduled, actual, DBOS.workflow_id))

    await app.until_async(lambda: runs)
    scheduled, actual, workflow_id = runs[0]
    assert workflow_id == f"sched-tick-{scheduled.isoformat()}"
    assert scheduled.microsecond == 0
    assert scheduled.tzinfo == actual.tzinfo == UTC
    assert scheduled <= actual <= datetime.now(UTC)

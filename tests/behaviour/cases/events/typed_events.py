"""A typed event gives its value back in its type, by its key's text as well."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dbos_typed import DBOS, Event
from tests.behaviour.app import App


@dataclass(frozen=True)
class Progress:
    done: int
    at: datetime


PROGRESS = Event[Progress]("progress")


async def check(app: App) -> None:
    progress = Progress(done=3, at=datetime(2025, 1, 1, tzinfo=UTC))

    @DBOS.workflow()
    async def publishing() -> None:
        await DBOS.set_event_async(PROGRESS, progress)

    handle = await DBOS.start_workflow_async(publishing)
    assert await DBOS.get_event_async(handle.workflow_id, PROGRESS) == progress
    assert await DBOS.get_event_async(handle.workflow_id, "progress") == progress

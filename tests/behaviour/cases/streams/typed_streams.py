"""A typed stream gives values back in its type, by its key's text as well."""

from dataclasses import dataclass
from datetime import UTC, datetime

from dbos_typed import DBOS, Stream
from tests.behaviour.app import App


@dataclass(frozen=True)
class Line:
    text: str
    at: datetime


LINES = Stream[Line]("lines")
FIRST = Line("first", datetime(2024, 2, 29, tzinfo=UTC))
SECOND = Line("second", datetime(2024, 3, 1, tzinfo=UTC))


async def check(app: App) -> None:
    @DBOS.workflow()
    async def writing() -> None:
        await DBOS.write_stream_async(LINES, FIRST)
        await DBOS.write_stream_async("lines", SECOND)
        await DBOS.close_stream_async(LINES)

    handle = await DBOS.start_workflow_async(writing)
    assert [line async for line in DBOS.read_stream_async(handle.workflow_id, LINES)] == [FIRST, SECOND]
    assert [line async for line in DBOS.read_stream_async(handle.workflow_id, "lines")] == [FIRST, SECOND]
    assert app.form in ("sync", "async")

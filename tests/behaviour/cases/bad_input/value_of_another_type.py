"""What cannot be read as the type that is asked for raises where it is read, live and replayed, and nobody hangs."""

from datetime import datetime

import pytest

from dbos_typed import DBOS, Event, SetWorkflowID, Topic, error
from tests.behaviour.app import App

TIMES = Topic[datetime]("times")
STARTED = Event[datetime]("started")
NOON = datetime(2025, 6, 1, 12)


async def check(app: App) -> None:
    seen: list[str] = []

    @DBOS.workflow()
    async def receiving() -> list[str | datetime]:
        found: list[str | datetime] = []
        for _ in range(2):
            try:
                found.append(await DBOS.recv_async(TIMES, timeout_seconds=20))
            except error.DBOSSerializationError as refused:
                seen.append(str(refused))
                found.append("no time")
        return found

    @DBOS.workflow()
    async def publishing() -> None:
        await DBOS.set_event_async("started", "no time")

    @DBOS.workflow()
    async def work() -> int:
        return 1

    with SetWorkflowID("receiving"):
        handle = await DBOS.start_workflow_async(receiving)
    await DBOS.send_async("receiving", "no time", "times")
    await DBOS.send_async("receiving", NOON, TIMES)
    # What was refused was consumed and recorded: the next message is received, and a replay refuses the same one.
    assert await handle.get_result(timeout_seconds=20) == ["no time", NOON]
    assert await app.rerun_async("receiving", keep=4) == ["no time", NOON]
    assert len(seen) == 2
    with SetWorkflowID("publishing"):
        await publishing()
    with pytest.raises(error.DBOSSerializationError, match="started"):
        await DBOS.get_event_async("publishing", STARTED, timeout_seconds=20)
    with SetWorkflowID("work"):
        await work()
    app.sql("UPDATE {dbos}workflows SET output = '{broken' WHERE workflow_id = 'work'")
    with pytest.raises(error.DBOSSerializationError, match="cannot be read"):
        await (await DBOS.retrieve_workflow_async("work")).get_result(timeout_seconds=20)

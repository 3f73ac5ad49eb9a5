"""recv, set_event and sleep outside a workflow, or in a step, are refused with what was called, from where, and where
it may be called."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    async def receive() -> None:
        await DBOS.recv_async("topic", timeout_seconds=3600)

    async def publish() -> None:
        await DBOS.set_event_async("key", 1)

    async def rest() -> None:
        await DBOS.sleep_async(3600)

    calls = {"DBOS.recv": receive, "DBOS.set_event": publish, "DBOS.sleep": rest}

    @DBOS.step()
    async def careless(name: str) -> str:
        with pytest.raises(error.DBOSContextError) as refused:
            await calls[name]()
        return str(refused.value)

    @DBOS.workflow()
    async def calling(name: str) -> str:
        return await careless(name)

    before = app.counts()
    for name, call in calls.items():
        with pytest.raises(error.DBOSContextError, match=f"{name} was called outside any workflow.*@DBOS.workflow"):
            await call()
    assert app.counts() == before
    for name in calls:
        message = await calling(name)
        assert f"{name} was called in a step of workflow 'check.<locals>.calling'" in message
        assert "step 1" in message
    assert app.counts()["events"] == 0

"""A result, event or message that cannot be stored is refused with its place, and nothing of it is written."""

import threading
from typing import Any

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def step() -> Any:
        return {"lock": threading.Lock()}

    @DBOS.workflow()
    async def calling() -> list[str]:
        found: list[str] = []
        try:
            await step()
        except error.DBOSSerializationError as refused:
            found.append(refused.path)
        try:
            await DBOS.set_event_async("key", [threading.Lock()])
        except error.DBOSSerializationError as refused:
            found.append(refused.path)
        try:
            await DBOS.send_async(DBOS.workflow_id, (1, threading.Lock()))
        except error.DBOSSerializationError as refused:
            found.append(refused.path)
        return found

    @DBOS.workflow()
    async def returning() -> Any:
        return [1, threading.Lock()]

    handle = await DBOS.start_workflow_async(calling)
    assert await handle.get_result() == ["result['lock']", "value[0]", "value[1]"]
    assert app.recorded(handle.workflow_id) == {1: "check.<locals>.step"}
    failing = await DBOS.start_workflow_async(returning)
    with pytest.raises(error.DBOSSerializationError, match=r"result\[1\].*lock"):
        await failing.get_result()
    assert (app.counts()["events"], app.counts()["messages"]) == (0, 0)

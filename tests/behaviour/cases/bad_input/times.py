"""Seconds that are no number are refused before anything is recorded or waited for."""

from typing import Any

import pytest

from dbos_typed import DBOS
from tests.behaviour.app import App

WRONG: list[tuple[Any, type[Exception]]] = [
    (float("nan"), ValueError),
    (10**400, ValueError),
    ("5", TypeError),
    (None, TypeError),
    (True, TypeError),
]


async def check(app: App) -> None:
    @DBOS.workflow()
    async def careless() -> int:
        for seconds, kind in WRONG:
            with pytest.raises(kind, match=r"DBOS\.sleep .*number of seconds"):
                await DBOS.sleep_async(seconds)
            with pytest.raises(kind, match=r"DBOS\.recv .*number of seconds"):
                await DBOS.recv_async(timeout_seconds=seconds)
            with pytest.raises(kind, match=r"DBOS\.get_event .*number of seconds"):
                await DBOS.get_event_async("id", "key", timeout_seconds=seconds)
        return len(WRONG)

    handle = await DBOS.start_workflow_async(careless)
    assert await handle.get_result() == len(WRONG)
    assert app.recorded(handle.workflow_id) == {}
    with pytest.raises(ValueError, match="number of seconds"):
        await handle.get_result(timeout_seconds=float("nan"))

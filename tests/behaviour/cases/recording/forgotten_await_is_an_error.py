"""A result that cannot be stored fails the step, and the error names its place; a coroutine asks for the await.

Older behaviour: a forgotten await was stored as a successful result.
"""

import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    pending: list[Coroutine[Any, Any, int]] = []

    async def compute() -> int:
        return 1

    def forgotten() -> object:
        if app.form == "sync":
            return (number for number in (1, 2))
        pending.append(compute())
        return pending[-1]

    @DBOS.step()
    async def careless() -> Any:
        return {"items": [1, {"conn": forgotten()}]}

    @DBOS.step()
    async def locked() -> Any:
        return [threading.Lock()]

    @DBOS.workflow()
    async def careless_workflow() -> Any:
        return forgotten()

    @DBOS.workflow()
    async def careful() -> list[str]:
        found: list[str] = []
        for step in (careless, locked):
            try:
                await step()
            except error.DBOSSerializationError as refused:
                found.append(f"{refused.path}: {refused}")
        return found

    handle = await DBOS.start_workflow_async(careful)
    first, second = await handle.get_result()
    assert first.startswith("result['items'][1]['conn']: ")
    assert ("await" if app.form == "async" else "generator") in first
    assert second.startswith("result[0]: ")
    assert "lock" in second
    assert await app.rerun_async(handle.workflow_id, keep=2) == [first, second]

    failing = await DBOS.start_workflow_async(careless_workflow)
    with pytest.raises(error.DBOSSerializationError):
        await failing.get_result()
    assert app.row(failing.workflow_id)["status"] == "ERROR"
    for coroutine in pending:
        coroutine.close()

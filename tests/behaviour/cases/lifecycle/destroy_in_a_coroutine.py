"""Destroy may be called on the event loop on which workflows run: it does not wait for what it blocks itself."""

import asyncio
import time

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("async",)


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def slow() -> None:
        await gate.wait_async()

    for _ in range(5):
        await DBOS.start_workflow_async(slow)
    await asyncio.sleep(0)
    began = time.monotonic()
    DBOS.destroy()
    assert time.monotonic() - began < 3
    assert {row["status"] for row in app.rows("workflows")} == {"PENDING"}

"""Workflows that run on an event loop which ends or stands still are continued in the background, from their last recorded call.

Older behaviour: they stayed PENDING until the process was launched again.
"""

import asyncio

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("async",)  # ends event loops of its own
WAYS = ("run", "closed", "left")


async def check(app: App) -> None:
    gate, reached = app.gate(), {way: app.gate() for way in WAYS}
    begun: list[str] = []

    @DBOS.step()
    async def first(way: str) -> None:
        begun.append(way)

    @DBOS.workflow()
    async def flow(way: str) -> str:
        await first(way)
        reached[way].open()
        await gate.wait_async()
        return f"ended {way}"

    async def start(way: str) -> None:
        with SetWorkflowID(way):
            await DBOS.start_workflow_async(flow, way)
        await reached[way].wait_async()

    def run_and_close() -> None:
        # As a careless framework does: what runs is not even cancelled.
        loop = asyncio.new_event_loop()
        loop.run_until_complete(start("closed"))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    left = asyncio.new_event_loop()

    async def at_once() -> None:
        with SetWorkflowID("at once"):
            await DBOS.start_workflow_async(flow, "run")

    await asyncio.to_thread(asyncio.run, start("run"))
    await asyncio.to_thread(run_and_close)
    # Nobody says whether it will ever turn again.
    await asyncio.to_thread(left.run_until_complete, start("left"))
    # One that was only just started may not even have begun.
    await asyncio.to_thread(asyncio.run, at_once())
    gate.open()
    for workflow_id, way in (("run", "run"), ("closed", "closed"), ("left", "left"), ("at once", "run")):
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        assert await handle.get_result(PATIENCE_SECONDS) == f"ended {way}"
        assert app.row(workflow_id)["status"] == "SUCCESS"
    # What was recorded is not done again.
    assert sorted(begun) == ["closed", "left", "run", "run"]
    for task in asyncio.all_tasks(left):
        task.cancel()
    await asyncio.to_thread(left.run_until_complete, left.shutdown_default_executor())
    left.close()

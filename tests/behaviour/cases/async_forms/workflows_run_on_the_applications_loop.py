"""Coroutine workflows from queues, recovered ones and those of blocking starts run on the application's loop.

Older behaviour: they ran on a loop of the engine's own, where the application's clients and locks do not work.
"""

import asyncio
from typing import Any, cast

import pytest

from dbos_typed import DBOS, DBOSConfig, Queue, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("async",)  # about event loops
LAUNCH = False


async def check(app: App) -> None:
    queue = Queue("looping", polling_interval_sec=0.02)
    loops: dict[str, asyncio.AbstractEventLoop] = {}
    held = True

    @DBOS.workflow()
    async def work() -> None:
        while held:
            await asyncio.sleep(0.01)
        loops[DBOS.workflow_id] = asyncio.get_running_loop()

    def launch(**options: Any) -> None:
        DBOS(config=cast("DBOSConfig", app.config))
        DBOS.launch(**options)

    async def ran_on(prefix: str, **options: Any) -> set[asyncio.AbstractEventLoop]:
        nonlocal held
        held = True
        launch(**options)
        with SetWorkflowID(f"{prefix} recovered"):
            await queue.enqueue_async(work)
        await app.until_async(lambda: app.row(f"{prefix} recovered")["status"] == "PENDING")
        await app.crash_async()
        launch(**options)
        with SetWorkflowID(f"{prefix} blocking"):
            await asyncio.to_thread(DBOS.start_workflow, work)
        with SetWorkflowID(f"{prefix} queued"):
            await queue.enqueue_async(work)
        held = False
        names = [f"{prefix} {name}" for name in ("recovered", "blocking", "queued")]
        for name in names:
            handle = await DBOS.retrieve_workflow_async(name)
            await handle.get_result(PATIENCE_SECONDS)
        await app.crash_async()
        return {loops[name] for name in names}

    here = asyncio.get_running_loop()
    assert await ran_on("implicit") == {here}
    assert await ran_on("chosen", event_loop=here) == {here}
    own = await ran_on("own", event_loop="own")
    assert len(own) == 1
    assert here not in own
    with pytest.raises(TypeError, match="event_loop=3"):
        DBOS.launch(event_loop=3)  # type: ignore[arg-type]  # which is what is refused

    # Launched where no loop runs; a loop that comes later is offered by launching again, as a lifespan does.
    held = False
    await asyncio.to_thread(launch)
    with SetWorkflowID("before"):
        await (await queue.enqueue_async(work)).get_result(PATIENCE_SECONDS)
    launch()
    with SetWorkflowID("after"):
        await (await queue.enqueue_async(work)).get_result(PATIENCE_SECONDS)
    assert loops["before"] is not here
    assert loops["after"] is here

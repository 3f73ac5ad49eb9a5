"""Coroutine workflows that sleep, or wait for messages, events or results, hold no thread."""

import threading

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("async",)
COUNT = 100


async def check(app: App) -> None:
    @DBOS.workflow()
    async def sleeping() -> None:
        await DBOS.sleep_async(3600)

    @DBOS.workflow()
    async def receiving() -> None:
        await DBOS.recv_async("never", timeout_seconds=3600)

    @DBOS.workflow()
    async def watching() -> None:
        await DBOS.get_event_async("missing", "never", timeout_seconds=3600)

    @DBOS.workflow()
    async def parent() -> None:
        await sleeping()

    before = threading.active_count()
    handles = [
        await DBOS.start_workflow_async(workflow)
        for workflow in (sleeping, receiving, watching, parent)
        for _ in range(COUNT // 4)
    ]
    # The parents record the start of their child, all others the deadline of their wait.
    await app.until_async(lambda: app.counts()["steps"] >= COUNT + COUNT // 4)
    # Reads share the default executor of the event loop, which has a bounded number of threads.
    assert threading.active_count() - before <= 16
    for handle in handles:
        await DBOS.cancel_workflow_async(handle.workflow_id)

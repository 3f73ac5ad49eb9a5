"""Deadlines, wake-up times and delays are the database's time: an executor whose clock is wrong by minutes keeps them.

Older behaviour: each executor read what another had stored by its own clock.
"""

import time

import pytest

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID, SetWorkflowTimeout, error
from dbos_typed.clock import SystemClock
from tests.behaviour.app import PATIENCE_SECONDS, App

LAUNCH = False
APART_SECONDS = 300


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("delayed", polling_interval_sec=0.02)

    @DBOS.workflow()
    async def limited() -> None:
        await DBOS.recv_async("never", timeout_seconds=1000)

    @DBOS.workflow()
    async def sleeper() -> str:
        await DBOS.sleep_async(0.5)
        return "awake"

    @DBOS.workflow()
    async def delayed() -> str:
        return "begun"

    @DBOS.workflow()
    async def outlasting() -> str:
        await gate.wait_async()
        return "in time"

    true_now = SystemClock.now
    try:
        SystemClock.now = lambda self: true_now(self) + APART_SECONDS
        app.launch()
        began = time.time()
        with SetWorkflowID("limited"), SetWorkflowTimeout(0.5):
            await DBOS.start_workflow_async(limited)
        with SetWorkflowID("sleeper"):
            await DBOS.start_workflow_async(sleeper)
        with SetWorkflowID("outlasting"), SetWorkflowTimeout(PATIENCE_SECONDS):
            await DBOS.start_workflow_async(outlasting)
        with SetWorkflowID("delayed"), SetEnqueueOptions(delay_seconds=0.5):
            await queue.enqueue_async(delayed)
        await app.crash_async()
        SystemClock.now = lambda self: true_now(self) - APART_SECONDS
        app.launch()
        gate.open()
        results = {}
        for workflow_id in ("outlasting", "sleeper", "delayed"):
            handle = await DBOS.retrieve_workflow_async(workflow_id)
            results[workflow_id] = await handle.get_result(PATIENCE_SECONDS)
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await (await DBOS.retrieve_workflow_async("limited")).get_result(PATIENCE_SECONDS)
        assert time.time() - began < PATIENCE_SECONDS
    finally:
        SystemClock.now = true_now
    assert results == {"outlasting": "in time", "sleeper": "awake", "delayed": "begun"}
    assert app.row("delayed")["started_at"] / 1000 - began >= 0.45  # the database counts whole milliseconds
    assert all(abs(row["created_at"] / 1000 - began) < PATIENCE_SECONDS for row in app.rows("workflows"))

"""In a group of tasks a cancellation is a cancellation and an error is an error, however they are wrapped.

Older behaviour: a cancelled workflow whose group wrapped the cancellation was stored as failed.
"""

import asyncio

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("async",)  # groups of tasks


async def check(app: App) -> None:
    waiting = app.gate()

    @DBOS.workflow()
    async def child() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(DBOS.sleep_async(3600))
            group.create_task(DBOS.recv_async("never", timeout_seconds=3600))
            waiting.open()

    @DBOS.workflow()
    async def parent() -> list[str]:
        told: list[str] = []
        try:
            async with asyncio.TaskGroup() as group:
                with SetWorkflowID("child"):
                    group.create_task(child())
        except* error.DBOSAwaitedWorkflowCancelledError as cancelled:
            told += [type(each).__name__ for each in cancelled.exceptions]
        return told

    with SetWorkflowID("parent"):
        handle = await DBOS.start_workflow_async(parent)
    await waiting.wait_async()
    await app.until_async(lambda: app.counts()["steps"] >= 3)
    await DBOS.cancel_workflow_async("child")
    assert await handle.get_result(PATIENCE_SECONDS) == ["DBOSAwaitedWorkflowCancelledError"]
    assert app.row("child")["status"] == "CANCELLED"
    assert app.row("parent")["status"] == "SUCCESS"

    @DBOS.workflow()
    async def mixed() -> None:
        raise BaseExceptionGroup("mixed", [ValueError("mine"), asyncio.CancelledError()])

    with SetWorkflowID("mixed"), pytest.raises(ExceptionGroup, match="mixed") as caught:
        await mixed()
    assert [str(each) for each in caught.value.exceptions] == ["mine"]
    row = app.row("mixed")
    assert row["status"] == "ERROR"
    assert "mine" in row["error"]

    @DBOS.workflow()
    async def cancelling_itself() -> None:
        await DBOS.cancel_workflow_async("itself")
        try:
            await DBOS.sleep_async(3600)
        except error.DBOSWorkflowCancelledError as cancelled:
            raise BaseExceptionGroup("both", [ValueError("mine"), cancelled]) from None

    # Whatever else went wrong meanwhile, it was cancelled.
    with SetWorkflowID("itself"), pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await (await DBOS.start_workflow_async(cancelling_itself)).get_result(PATIENCE_SECONDS)
    assert app.row("itself")["status"] == "CANCELLED"

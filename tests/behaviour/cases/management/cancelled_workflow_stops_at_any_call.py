"""After a cancellation no call of any kind is made: nothing is recorded, sent, set, started or enqueued any more."""

import pytest

from dbos_typed import DBOS, Queue, SetWorkflowID, error
from tests.behaviour.app import App

CALLS = (
    "step transaction child start enqueue send recv set_event get_event sleep list status steps result "
    "retrieve cancel resume restart fork stream patch"
).split()


async def check(app: App) -> None:
    queue = Queue("queue")
    done: list[str] = []

    @DBOS.step()
    async def step() -> None:
        done.append("step")

    @DBOS.transaction()
    def transaction() -> None:
        done.append("transaction")

    @DBOS.workflow()
    async def child() -> None:
        done.append("child")

    async def call(kind: str) -> None:
        mine = DBOS.workflow_id
        match kind:
            case "step":
                await step()
            case "transaction":
                transaction()
            case "child":
                await child()
            case "start":
                await DBOS.start_workflow_async(child)
            case "enqueue":
                await queue.enqueue_async(child)
            case "send":
                await DBOS.send_async(mine, 1)
            case "recv":
                await DBOS.recv_async(timeout_seconds=3600)
            case "set_event":
                await DBOS.set_event_async("key", 1)
            case "get_event":
                await DBOS.get_event_async(mine, "key", timeout_seconds=3600)
            case "sleep":
                await DBOS.sleep_async(3600)
            case "list":
                await DBOS.list_workflows_async()
            case "status":
                await DBOS.get_workflow_status_async("other")
            case "steps":
                await DBOS.list_workflow_steps_async("other")
            case "result":
                await (await DBOS.retrieve_workflow_async(mine, existing_workflow=False)).get_result()
            case "retrieve":
                await DBOS.retrieve_workflow_async("other")
            case "cancel":
                await DBOS.cancel_workflow_async("other")
            case "resume":
                await DBOS.resume_workflow_async("other")
            case "restart":
                await DBOS.restart_workflow_async("other")
            case "fork":
                await DBOS.fork_workflow_async("other", 1)
            case "stream":
                await DBOS.write_stream_async("key", 1)
            case "patch":
                await DBOS.patch_async("name")
        done.append(f"{kind} returned")

    @DBOS.workflow()
    async def work(kind: str) -> None:
        await DBOS.set_event_async("reached", kind)
        await gate.wait_async()
        await call(kind)

    with SetWorkflowID("other"):
        await child()
    done.clear()
    gate = app.gate()
    handles = []
    for kind in CALLS:
        with SetWorkflowID(kind):
            handles.append(await DBOS.start_workflow_async(work, kind))
        assert await DBOS.get_event_async(kind, "reached") == kind
    before = app.counts()
    await DBOS.cancel_workflows_async(CALLS)
    gate.open()
    for handle in handles:
        with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
            await handle.get_result(timeout_seconds=20)
    await app.until_async(lambda: True)
    await app.crash_async()
    assert done == []
    assert app.counts() == before

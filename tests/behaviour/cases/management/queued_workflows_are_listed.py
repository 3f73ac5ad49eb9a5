"""list_queued_workflows gives what waits on a queue and what was taken from one and runs, and nothing else."""

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    queue, other = Queue("work", concurrency=1), Queue("other")

    @DBOS.workflow()
    async def work(*, is_short: bool = False) -> None:
        if not is_short:
            await gate.wait_async()

    for workflow_id in ("running", "waiting"):
        with SetWorkflowID(workflow_id):
            await queue.enqueue_async(work)
    with SetWorkflowID("elsewhere"):
        await other.enqueue_async(work)
    with SetWorkflowID("ended"):
        await (await other.enqueue_async(work, is_short=True)).get_result(timeout_seconds=20)
    with SetWorkflowID("started"):
        await DBOS.start_workflow_async(work)
    await app.until_async(lambda: app.row("running")["status"] == "PENDING")
    listed = {found.workflow_id: found.status for found in await DBOS.list_queued_workflows_async(queue_name="work")}
    assert listed == {"running": "PENDING", "waiting": "ENQUEUED"}
    every = [found.workflow_id for found in await DBOS.list_queued_workflows_async()]
    assert sorted(every) == ["elsewhere", "running", "waiting"]
    waiting = await DBOS.list_queued_workflows_async(status="ENQUEUED", queue_name="work")
    assert [(found.workflow_id, found.queue_name) for found in waiting] == [("waiting", "work")]
    gate.open()
    await app.until_async(lambda: app.row("waiting")["status"] == "SUCCESS")

"""A queue's concurrency counts what runs on every executor; the rest waits, and moves up when one ends."""

import time

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("few", concurrency=2, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work() -> str:
        begun.append(DBOS.workflow_id)
        if DBOS.workflow_id != "elsewhere":
            await gate.wait_async()
        return DBOS.workflow_id

    with SetWorkflowID("elsewhere"):
        await (await queue.enqueue_async(work)).get_result(timeout_seconds=20)
    app.sql("UPDATE {dbos}workflows SET status = 'PENDING', executor_id = 'there'")
    handles = []
    for workflow_id in ("a", "b", "c"):
        with SetWorkflowID(workflow_id):
            handles.append(await queue.enqueue_async(work))
    await app.until_async(lambda: begun == ["elsewhere", "a"])
    time.sleep(0.1)  # five polls, in which nothing more may begin
    assert begun == ["elsewhere", "a"]
    assert [app.row(workflow_id)["status"] for workflow_id in ("a", "b", "c")] == ["PENDING", "ENQUEUED", "ENQUEUED"]

    app.sql("UPDATE {dbos}workflows SET status = 'SUCCESS' WHERE workflow_id = 'elsewhere'")
    await app.until_async(lambda: begun == ["elsewhere", "a", "b"])
    assert app.row("c")["status"] == "ENQUEUED"
    gate.open()
    assert [await handle.get_result(timeout_seconds=20) for handle in handles] == ["a", "b", "c"]

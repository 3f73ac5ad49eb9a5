"""A queue's worker concurrency counts what runs on this executor only."""

import time

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("one each", worker_concurrency=1, polling_interval_sec=0.02)
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
    for workflow_id in ("a", "b"):
        with SetWorkflowID(workflow_id):
            handles.append(await queue.enqueue_async(work))
    await app.until_async(lambda: begun == ["elsewhere", "a"])
    time.sleep(0.1)  # five polls, in which nothing more may begin
    assert begun == ["elsewhere", "a"]
    gate.open()
    assert [await handle.get_result(timeout_seconds=20) for handle in handles] == ["a", "b"]

"""What an executor owns counts for its worker concurrency before it is run: a claim whose caller was lost, say.

Older behaviour: only what ran was counted, and as many again were taken.
"""

import time

from dbos_typed import DBOS, Queue, SetWorkflowID
from dbos_typed.core.run import new_run_token
from tests.behaviour.app import PATIENCE_SECONDS, App

COUNT = 6


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("two", worker_concurrency=2, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work() -> str:
        begun.append(DBOS.workflow_id)
        await gate.wait_async()
        return DBOS.workflow_id

    with app.watch_stopped():
        app.sql("DELETE FROM {dbos}workflows")
        with SetWorkflowID("w0"):
            handles = [await queue.enqueue_async(work)]
        await app.until_async(lambda: begun == ["w0"])
        app.sql(
            "INSERT INTO {dbos}workflows (workflow_id, status, name, inputs, queue_name, executor_id, app_version, "
            "run_token, created_at, updated_at, started_at) SELECT 'lost', 'PENDING', name, inputs, queue_name, "
            "executor_id, app_version, :token, created_at, updated_at, started_at FROM {dbos}workflows",
            token=new_run_token(),
        )
        for number in range(1, COUNT):
            with SetWorkflowID(f"w{number}"):
                handles.append(await queue.enqueue_async(work))
        time.sleep(0.1)  # five polls, in which nothing may begin
        assert begun == ["w0"]
    # The watch begins what is owned and not run, which exceeds nothing either.
    await app.until_async(lambda: len(begun) == 2)
    time.sleep(0.1)
    assert begun == ["w0", "lost"]
    gate.open()
    for handle in handles:
        assert await handle.get_result(PATIENCE_SECONDS) == handle.workflow_id

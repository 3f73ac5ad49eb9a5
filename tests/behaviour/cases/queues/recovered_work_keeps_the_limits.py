"""What ran from a limited queue goes back to its place on recovery, and is run again as places are free.

Older behaviour: all of it was run at once, whatever the queue's limits.
"""

from typing import Any

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID, SetWorkflowTimeout
from dbos_typed.core.run import new_run_token
from tests.behaviour.app import PATIENCE_SECONDS, App

WORKER: dict[str, Any] = {"worker_concurrency": 1}
EVERYWHERE: dict[str, Any] = {"concurrency": 2}
LEFT = 4


async def check(app: App) -> None:
    gate = app.gate()
    settings = {
        "worker": (WORKER, 1),
        "everywhere": (EVERYWHERE, 2),
        "both": (WORKER | EVERYWHERE | {"limiter": {"limit": 4, "period": 3600}}, 1),
        "parts": (WORKER | {"partition_queue": True}, 2),
    }
    running: dict[str, int] = dict.fromkeys(settings, 0)
    most = dict(running)

    @DBOS.workflow()
    async def work(name: str) -> str:
        running[name] += 1
        most[name] = max(most[name], running[name])
        await gate.wait_async()
        await DBOS.sleep_async(0.02)
        running[name] -= 1
        return DBOS.workflow_id

    ids: list[str] = []
    # Put on queues without limits, and then registered with limits: as a crash of several executors leaves them.
    for name, (options, _) in settings.items():
        queue = Queue(name, **options, polling_interval_sec=0.02)
        for number in range(LEFT):
            key = f"part {number % 2}" if name == "parts" else None
            ids.append(f"{name} {number}")
            with (
                SetWorkflowID(ids[-1]),
                SetWorkflowTimeout(100),
                SetEnqueueOptions(queue_partition_key=key, delay_seconds=100),
            ):
                await queue.enqueue_async(work, name)
    places = {row["workflow_id"]: row["queue_order"] for row in app.rows("workflows")}
    for workflow_id in ids:
        app.sql(
            "UPDATE {dbos}workflows SET status = 'PENDING', executor_id = 'gone', run_token = :token, visible_at = 0, "
            "deadline = 9999999999999, started_at = created_at WHERE workflow_id = :id",
            id=workflow_id,
            token=new_run_token(),
        )
    handles = await DBOS.recover_pending_workflows_async(["gone"])
    assert sorted(handle.workflow_id for handle in handles) == sorted(ids)
    gone = await DBOS.recover_pending_workflows_async(["gone"])
    assert gone == []
    await app.until_async(lambda: all(running[name] == settings[name][1] for name in settings))
    gate.open()
    for handle in handles:
        assert await handle.get_result(PATIENCE_SECONDS) == handle.workflow_id
    assert most == {name: most_at_once for name, (_, most_at_once) in settings.items()}
    for row in app.rows("workflows"):
        # Its place, its deadline and the count of its recoveries are those of a workflow that had begun.
        assert (row["queue_order"], row["deadline"], row["recovery_attempts"]) == (
            places[row["workflow_id"]],
            9999999999999,
            1,
        )

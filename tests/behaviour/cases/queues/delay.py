"""A delayed workflow begins no earlier than its delay, and lets later ones pass."""

from dbos_typed import DBOS, Queue, SetEnqueueOptions
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("work", concurrency=1, polling_interval_sec=0.02)
    begun: list[str] = []

    @DBOS.workflow()
    async def work(name: str) -> None:
        begun.append(name)

    with SetEnqueueOptions(delay_seconds=0.2):
        delayed = await queue.enqueue_async(work, "delayed")
    await (await queue.enqueue_async(work, "at once")).get_result(timeout_seconds=20)
    assert begun == ["at once"]
    await delayed.get_result(timeout_seconds=20)
    row = app.row(delayed.workflow_id)
    assert row["started_at"] - row["created_at"] >= 200

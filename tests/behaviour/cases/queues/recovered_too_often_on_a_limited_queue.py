"""A workflow of a limited queue that was recovered too often is set aside as any other, and makes room."""

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    queue = Queue("one", worker_concurrency=1, polling_interval_sec=0.02)
    gate = app.gate()

    @DBOS.workflow(max_recovery_attempts=2)
    async def work() -> str:
        if DBOS.workflow_id == "poison":
            await gate.wait_async()
        return DBOS.workflow_id

    with SetWorkflowID("poison"):
        await queue.enqueue_async(work)
    with SetWorkflowID("next"):
        await queue.enqueue_async(work)
    for attempts in range(3):
        await app.until_async(lambda attempts=attempts: app.row("poison")["status"] == "PENDING")
        assert app.row("poison")["recovery_attempts"] == attempts
        await app.crash_async()
        app.launch()
    waiting = await DBOS.retrieve_workflow_async("next")
    assert await waiting.get_result(PATIENCE_SECONDS) == "next"
    assert app.row("poison")["status"] == "RETRIES_EXCEEDED"

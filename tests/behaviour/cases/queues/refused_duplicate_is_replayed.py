"""That an enqueueing was refused is recorded, so a recovered workflow takes the same branch when the id is free.

Older behaviour: the refusal was not recorded; the recovered workflow put on the queue what its first run could not.
"""

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("orders")

    @DBOS.step()
    async def note(name: str) -> str:
        return name

    @DBOS.workflow()
    async def hold() -> None:
        await DBOS.recv_async(timeout_seconds=60)

    @DBOS.workflow()
    async def ask() -> str:
        try:
            with SetEnqueueOptions(deduplication_id="only"):
                await queue.enqueue_async(hold)
        except error.DBOSQueueDeduplicatedError as refused:
            return await note(f"refused {refused.deduplication_id}")
        return await note("enqueued")

    with SetEnqueueOptions(deduplication_id="only"):
        holding = await queue.enqueue_async(hold)
    with SetWorkflowID("ask"):
        assert await ask() == "refused only"
    await DBOS.cancel_workflow_async(holding.workflow_id)
    assert await app.rerun_async("ask", keep=1) == "refused only"
    assert len(app.rows("workflows")) == 2

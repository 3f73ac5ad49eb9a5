"""A workflow that no executor has registered waits by itself; those behind it on the queue go on.

Older behaviour: a misspelt name at the head of a queue stopped the queue.
"""

from dbos_typed import DBOS, DBOSClient, Queue
from tests.behaviour.app import App


async def check(app: App) -> None:
    Queue("work", concurrency=1)

    @DBOS.workflow(name="spelt")
    async def spelt(number: int) -> int:
        return number

    with DBOSClient(app.database_url) as client:
        lost = await client.enqueue_async({"workflow_name": "speltt", "queue_name": "work"}, 0)
        handles = [
            await client.enqueue_async({"workflow_name": "spelt", "queue_name": "work"}, number) for number in (1, 2)
        ]
        assert [await handle.get_result(timeout_seconds=20) for handle in handles] == [1, 2]
    assert app.row(lost.workflow_id)["status"] == "ENQUEUED"

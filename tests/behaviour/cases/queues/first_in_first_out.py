"""A queue begins its workflows in the order in which they were put on it, and gives each its result."""

from dbos_typed import DBOS, Queue
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("line", concurrency=1)
    begun: list[int] = []

    @DBOS.workflow()
    async def work(number: int) -> int:
        begun.append(number)
        return number * 10

    handles = [await queue.enqueue_async(work, number) for number in range(12)]
    assert [await handle.get_result(timeout_seconds=20) for handle in handles] == [n * 10 for n in range(12)]
    assert begun == list(range(12))
    row = app.row(handles[0].workflow_id)
    assert (row["queue_name"], row["status"], row["executor_id"]) == ("line", "SUCCESS", "here")

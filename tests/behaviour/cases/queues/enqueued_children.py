"""A workflow that a workflow enqueues is its child: one number, an id of it, and no second one on recovery."""

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("work")

    @DBOS.workflow(name="child")
    async def child(number: int) -> int:
        return number * 10

    @DBOS.workflow()
    async def parent() -> list[int]:
        handles = [await queue.enqueue_async(child, number) for number in (1, 2)]
        return [await handle.get_result() for handle in handles]

    with SetWorkflowID("p"):
        assert await parent() == [10, 20]
    assert app.recorded("p") == {1: "child", 2: "child", 3: "DBOS.getResult", 4: "DBOS.getResult"}
    assert (app.row("p-2")["parent_workflow_id"], app.row("p-2")["queue_name"]) == ("p", "work")
    assert await app.rerun_async("p", keep=1) == [10, 20]
    assert len(app.rows("workflows")) == 3

"""A queued row that cannot be read is told and passed over; those taken together with it run.

Older behaviour: one such row orphaned the whole batch that was taken from the queue.
"""

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    queue = Queue("rows")

    @DBOS.workflow()
    async def counting(number: int) -> int:
        return number

    handles = {}
    for number in range(6):
        with SetWorkflowID(f"w{number}"):
            handles[number] = await queue.enqueue_async(counting, number)
            assert await handles[number].get_result(PATIENCE_SECONDS) == number
    app.sql("UPDATE {dbos}workflows SET auth_roles = '[' WHERE workflow_id IN ('w0', 'w3')")
    app.sql("UPDATE {dbos}workflows SET inputs = 'broken' WHERE workflow_id = 'w4'")
    app.sql("UPDATE {dbos}workflows SET status = 'ENQUEUED', queue_name = 'rows', output = NULL")
    for number in (1, 2, 5):
        await app.until_async(lambda number=number: app.row(f"w{number}")["status"] == "SUCCESS")
        assert await handles[number].get_result(PATIENCE_SECONDS) == number
    for number in (0, 3):
        assert any(f"'w{number}'" in line and "auth_roles" in line for line in app.log)
    found = {status.workflow_id: status.unreadable for status in await DBOS.list_queued_workflows_async()}
    assert found.keys() == {"w0", "w3", "w4"}
    assert found["w0"] is not None
    assert found["w4"] is None

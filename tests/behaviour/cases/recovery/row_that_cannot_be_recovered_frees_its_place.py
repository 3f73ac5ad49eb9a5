"""A workflow that cannot be recovered is put back on a queue that limits how many run, so that the next one has its place.

Older behaviour: it stayed PENDING, and a queue of concurrency 1 began nothing until somebody cancelled it.
"""

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App

SPOILT = {"inputs": "inputs = '{{{'", "roles": "auth_roles = '['", "name": "name = 'gone'", "class": "class_name = 'Gone'"}


async def check(app: App) -> None:
    queues = {each: Queue(f"only {each}", concurrency=1, polling_interval_sec=0.05) for each in SPOILT}
    gate = app.gate()

    @DBOS.workflow()
    async def hold(number: int) -> int:
        await gate.wait_async()
        return number

    for each, queue in queues.items():
        with SetWorkflowID(each):
            await queue.enqueue_async(hold, 1)
    await app.until_async(lambda: {app.row(each)["status"] for each in SPOILT} == {"PENDING"})
    await app.crash_async()
    before = {each: app.row(each) for each in SPOILT}
    for each, change in SPOILT.items():
        app.sql(f"UPDATE {{dbos}}workflows SET {change} WHERE workflow_id = :id", id=each)
    gate.open()
    app.launch()
    for each, queue in queues.items():
        handle = await queue.enqueue_async(hold, 2)
        assert await handle.get_result(PATIENCE_SECONDS) == 2, each
    for each in SPOILT:
        assert app.row(each)["status"] == "ENQUEUED", each
        assert app.row(each)["recovery_attempts"] == before[each]["recovery_attempts"], each
        [told] = [line for line in app.log if repr(each) in line and line.startswith("ERROR")]
        assert "was not recovered" in told
    # What is mended runs.
    for each, row in before.items():
        values = {name: row[name] for name in ("inputs", "auth_roles", "name", "class_name")}
        columns = ", ".join(f"{name} = :{name}" for name in values)
        app.sql(f"UPDATE {{dbos}}workflows SET {columns} WHERE workflow_id = :id", **values, id=each)
    for each in SPOILT:
        assert await (await DBOS.retrieve_workflow_async(each)).get_result(PATIENCE_SECONDS) == 1, each

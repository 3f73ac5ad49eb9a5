"""A queued row that cannot be read, or whose instance is missing, is put back: the next one has its place.

Older behaviour: it stayed PENDING with nobody to run it, and a queue of concurrency 1 never began anything again.
"""

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    queue = Queue("one", concurrency=1, worker_concurrency=1, polling_interval_sec=0.05)
    gate = app.gate()
    begun: list[str] = []

    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance):
        @DBOS.workflow(name="restock")
        async def restock(self) -> str:
            begun.append(DBOS.workflow_id)
            return self.config_name

    @DBOS.workflow()
    async def work(number: int) -> int:
        begun.append(DBOS.workflow_id)
        return number

    @DBOS.workflow()
    async def hold() -> None:
        await gate.wait_async()

    east = Shop("east")
    # While the first one holds the only place, the others wait and can be spoilt.
    holder = await queue.enqueue_async(hold)
    await app.until_async(lambda: app.row(holder.workflow_id)["status"] == "PENDING")
    for number, workflow_id in enumerate(("inputs", "roles", "good")):
        with SetWorkflowID(workflow_id):
            await queue.enqueue_async(work, number)
    with SetWorkflowID("instance"):
        await queue.enqueue_async(east.restock)
    with SetWorkflowID("last"):
        await queue.enqueue_async(work, 9)
    good = app.row("inputs")["inputs"]
    app.sql("UPDATE {dbos}workflows SET inputs = 'broken' WHERE workflow_id = 'inputs'")
    app.sql("UPDATE {dbos}workflows SET auth_roles = '[' WHERE workflow_id = 'roles'")
    app.sql("UPDATE {dbos}workflows SET config_name = 'west' WHERE workflow_id = 'instance'")
    gate.open()
    for workflow_id, result in (("good", 2), ("last", 9)):
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        assert await handle.get_result(PATIENCE_SECONDS) == result
    spoilt = ("inputs", "roles", "instance")
    await app.until_async(lambda: {app.row(each)["status"] for each in spoilt} == {"ENQUEUED"})
    assert begun == ["good", "last"]
    for each in spoilt:
        assert any(f"{each!r} was put back on its queue" in line for line in app.log)
        assert app.row(each)["recovery_attempts"] == 0
    # What is mended runs.
    app.sql("UPDATE {dbos}workflows SET inputs = :good WHERE workflow_id = 'inputs'", good=good)
    app.sql("UPDATE {dbos}workflows SET auth_roles = NULL WHERE workflow_id = 'roles'")
    Shop("west")
    for workflow_id, result in (("inputs", 0), ("roles", 1), ("instance", "west")):
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        assert await handle.get_result(PATIENCE_SECONDS) == result
    assert sorted(begun[2:]) == ["inputs", "instance", "roles"]

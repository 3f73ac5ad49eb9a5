"""Launch recovers this executor's workflows of this version only; others can be named explicitly."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[str] = []

    @DBOS.workflow()
    async def work() -> str:
        runs.append(DBOS.workflow_id)
        return DBOS.workflow_id

    for workflow_id in ("mine", "theirs", "older"):
        with SetWorkflowID(workflow_id):
            await work()
        app.rewind(workflow_id, keep=0)
    app.sql("UPDATE {dbos}workflows SET executor_id = 'there' WHERE workflow_id = 'theirs'")
    app.sql("UPDATE {dbos}workflows SET app_version = '0' WHERE workflow_id = 'older'")
    runs.clear()
    await app.crash_async()
    app.launch()
    assert await (await DBOS.retrieve_workflow_async("mine")).get_result(timeout_seconds=20) == "mine"
    assert runs == ["mine"]

    assert [handle.workflow_id for handle in DBOS.recover_pending_workflows(["there", "here"])] == ["theirs"]
    assert await (await DBOS.retrieve_workflow_async("theirs")).get_result(timeout_seconds=20) == "theirs"
    row = app.row("theirs")
    assert (row["executor_id"], row["status"]) == ("here", "SUCCESS")
    assert app.row("older")["status"] == "PENDING"

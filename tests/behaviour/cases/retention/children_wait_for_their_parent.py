"""A child that ended long ago is kept while its parent may still ask for its result, and goes after the parent."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    app.launch()
    gate = app.gate()

    @DBOS.workflow()
    async def child() -> str:
        return "from the child"

    @DBOS.workflow()
    async def parent() -> str:
        handle = await DBOS.start_workflow_async(child)
        await gate.wait_async()
        return await handle.get_result()

    with SetWorkflowID("parent"):
        await DBOS.start_workflow_async(parent)
    await app.until_async(lambda: len(app.rows("workflows")) == 2 and app.row("parent-1")["status"] == "SUCCESS")
    await app.crash_async()
    with SetWorkflowID("other"):
        app.launch(retention_seconds=0.3)
        await child()
    await app.until_async(lambda: "other" not in {row["workflow_id"] for row in app.rows("workflows")})
    assert {row["workflow_id"] for row in app.rows("workflows")} == {"parent", "parent-1"}
    gate.open()
    assert await (await DBOS.retrieve_workflow_async("parent")).get_result() == "from the child"
    await app.until_async(lambda: app.rows("workflows") == [])

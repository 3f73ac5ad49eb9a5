"""Workflows of one moment have an order of their own, so that pages neither repeat nor skip one."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def done() -> None: ...

    expected = [f"w{number:02}" for number in range(12)]
    for workflow_id in reversed(expected):
        with SetWorkflowID(workflow_id):
            await done()
    app.sql("UPDATE {dbos}workflows SET created_at = 1")
    found = [
        status.workflow_id
        for offset in range(0, 12, 5)
        for status in await DBOS.list_workflows_async(limit=5, offset=offset)
    ]
    assert found == expected
    backwards = await DBOS.list_workflows_async(sort_desc=True)
    assert [status.workflow_id for status in backwards] == expected[::-1]

"""SetWorkflowID gives its id to the next workflow in the block, whose children get ids of their own."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def child() -> str:
        return DBOS.workflow_id

    @DBOS.workflow()
    async def parent() -> list[str]:
        with SetWorkflowID("chosen child"):
            chosen = await child()
        return [DBOS.workflow_id, chosen, await child()]

    with SetWorkflowID("chosen parent"):
        assert await parent() == ["chosen parent", "chosen child", "chosen parent-3"]
    assert app.row("chosen child")["parent_workflow_id"] == "chosen parent"

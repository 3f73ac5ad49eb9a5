"""The second workflow in a SetWorkflowID block gets a generated id, and the log warns of it."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def named() -> str:
        return DBOS.workflow_id

    with SetWorkflowID("chosen"):
        assert await named() == "chosen"
        assert await named() != "chosen"
    warnings = [line for line in app.log if line.startswith("WARNING")]
    assert len(warnings) == 1
    assert "SetWorkflowID('chosen')" in warnings[0]

"""The id of SetWorkflowID does not outlive its block, also when nothing was started in it, and blocks nest.

Older behaviour: it leaked to whatever workflow came next.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def named() -> str:
        return DBOS.workflow_id

    with SetWorkflowID("unused"):
        pass
    assert await named() != "unused"
    with SetWorkflowID("outer"):
        with SetWorkflowID("inner"):
            assert await named() == "inner"
        assert await named() == "outer"
    try:
        with SetWorkflowID("raised"):
            raise ValueError
    except ValueError:
        assert await named() != "raised"
    assert app.counts()["workflows"] == 4

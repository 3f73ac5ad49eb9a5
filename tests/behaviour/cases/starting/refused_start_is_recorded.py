"""A start that is refused because its id belongs to another workflow is refused on recovery too."""

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    taken: list[str] = []

    @DBOS.workflow()
    async def doubling(number: int) -> int:
        return 2 * number

    @DBOS.step()
    async def note(what: str) -> None:
        taken.append(what)

    @DBOS.workflow()
    async def parent() -> str:
        try:
            with SetWorkflowID("doubling"):
                await DBOS.start_workflow_async(doubling, 5)
        except error.DBOSConflictingWorkflowError:
            await note("refused")
            return "refused"
        return "started"

    with SetWorkflowID("doubling"):
        assert await doubling(4) == 8
    with SetWorkflowID("parent"):
        assert await parent() == "refused"
    await DBOS.delete_workflow_async("doubling")
    assert await app.rerun_async("parent", keep=1) == "refused"
    assert taken == ["refused", "refused"]

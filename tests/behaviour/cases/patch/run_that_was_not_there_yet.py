"""A run that had not reached a patch when the code was changed takes the changed branch."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    is_changed = [False]

    @DBOS.step(name="first")
    async def first() -> str:
        return "first"

    @DBOS.step(name="old")
    async def old() -> str:
        return "old"

    @DBOS.step(name="new")
    async def new() -> str:
        return "new"

    @DBOS.workflow()
    async def order() -> list[str]:
        begun = await first()
        if is_changed[0] and await DBOS.patch_async("second"):
            return [begun, await new()]
        return [begun, await old()]

    for workflow_id in ("before", "past"):
        with SetWorkflowID(workflow_id):
            assert await order() == ["first", "old"]
    is_changed[0] = True
    assert await app.rerun_async("before", keep=1) == ["first", "new"]
    assert await app.rerun_async("past", keep=2) == ["first", "old"]
    assert app.recorded("before") == {1: "first", 2: "DBOS.patch-second", 3: "new"}

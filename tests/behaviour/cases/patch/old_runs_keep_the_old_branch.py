"""A run that was past a patch before the change keeps the old branch on replay; new runs take the changed one.

Older behaviour: changed code met the old records and the recovered workflow failed.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()

    @DBOS.step(name="work")
    async def work(name: str) -> str:
        return name

    @DBOS.workflow(name="order")
    async def before() -> list[str]:
        first = await work("dollars")
        working.open()
        await gate.wait_async()
        return [first, await work("end")]

    with SetWorkflowID("old"):
        await DBOS.start_workflow_async(before)
    await working.wait_async()
    await app.crash_async()
    app.reset()
    gate.open()

    @DBOS.step(name="work")
    async def work_again(name: str) -> str:
        return name

    @DBOS.step(name="convert")
    async def convert() -> str:
        return "euros"

    @DBOS.workflow(name="order")
    async def after() -> list[str]:
        if await DBOS.patch_async("euros"):
            first = await convert()
        else:
            first = await work_again("dollars")
        return [first, await work_again("end")]

    app.launch()
    old = await DBOS.retrieve_workflow_async("old")
    assert await old.get_result(timeout_seconds=20) == ["dollars", "end"]
    assert app.recorded("old") == {1: "work", 2: "work"}
    with SetWorkflowID("new"):
        assert await after() == ["euros", "end"]
    assert app.recorded("new") == {1: "DBOS.patch-euros", 2: "convert", 3: "work"}
    for kept in (0, 1, 2, 3):
        assert await app.rerun_async("new", keep=kept) == ["euros", "end"]
    assert await app.rerun_async("old", keep=1) == ["dollars", "end"]

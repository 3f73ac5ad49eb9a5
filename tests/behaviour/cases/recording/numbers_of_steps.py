"""Each step and transaction called by the workflow itself takes one number, from 1, under its own name."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def first() -> None: ...

    @DBOS.transaction()
    def second() -> None: ...

    @DBOS.step(name="the third")
    async def third() -> int:
        return DBOS.step_id

    @DBOS.workflow()
    async def counted() -> int:
        await first()
        second()
        return await third()

    handle = await DBOS.start_workflow_async(counted)
    assert await handle.get_result() == 3
    names = app.recorded(handle.workflow_id)
    assert names == {1: "check.<locals>.first", 2: "check.<locals>.second", 3: "the third"}

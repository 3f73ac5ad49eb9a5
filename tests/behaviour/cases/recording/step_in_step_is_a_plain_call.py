"""A step that another step calls is a plain call: it takes no number and nothing is recorded of it."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step(name="inner")
    async def inner() -> int:
        return DBOS.step_id

    @DBOS.step(name="outer")
    async def outer() -> int:
        return await inner()

    @DBOS.step(name="after")
    async def after() -> int:
        return DBOS.step_id

    @DBOS.workflow()
    async def nested() -> list[int]:
        return [await outer(), await after()]

    handle = await DBOS.start_workflow_async(nested)
    assert await handle.get_result() == [1, 2]
    assert app.recorded(handle.workflow_id) == {1: "outer", 2: "after"}

"""With destroy_registry=True the decorated functions are forgotten, and their names are free again."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="work")
    async def first() -> int:
        return 1

    handle = await DBOS.start_workflow_async(first)
    await handle.get_result()
    app.reset()

    @DBOS.workflow(name="work")
    async def second() -> int:
        return 2

    with pytest.raises(error.DBOSInitializationError):
        await second()
    app.launch()
    assert await second() == 2

"""Starting or calling a workflow in a step is refused, because the step may run again."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def child() -> None: ...

    @DBOS.transaction()
    def transaction() -> None: ...

    @DBOS.step()
    async def careless() -> list[str]:
        found: list[str] = []
        with pytest.raises(error.DBOSContextError) as refused:
            await DBOS.start_workflow_async(child)
        found.append(str(refused.value))
        with pytest.raises(error.DBOSContextError) as refused:
            await child()
        found.append(str(refused.value))
        with pytest.raises(error.DBOSContextError) as refused:
            transaction()
        found.append(str(refused.value))
        return found

    @DBOS.workflow()
    async def parent() -> list[str]:
        return await careless()

    handle = await DBOS.start_workflow_async(parent)
    started, called, nested = await handle.get_result()
    assert "'check.<locals>.child'" in started
    assert "in a step" in started
    assert "in a step" in called
    assert "'check.<locals>.transaction'" in nested
    assert app.counts()["workflows"] == 1

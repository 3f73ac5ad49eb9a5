"""A recovered parent finds the children it started and their results; no child runs a second time."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[int] = []

    @DBOS.workflow()
    async def child(value: int) -> int:
        runs.append(value)
        return value * 10

    @DBOS.workflow()
    async def parent() -> list[int]:
        started = await DBOS.start_workflow_async(child, 1)
        return [await started.get_result(), await child(2)]

    handle = await DBOS.start_workflow_async(parent)
    assert await handle.get_result() == [10, 20]
    for keep in (4, 3, 2, 1, 0):
        assert await app.rerun_async(handle.workflow_id, keep=keep) == [10, 20]
    assert runs == [1, 2]

"""Workflows started at one time all run to their end, also when they are more than there are threads."""

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    @DBOS.step()
    async def square(number: int) -> int:
        return number * number

    @DBOS.workflow()
    async def child(number: int) -> int:
        return await square(number)

    @DBOS.workflow()
    async def parent(number: int) -> int:
        handle = await DBOS.start_workflow_async(child, number)
        return await handle.get_result()

    # Every parent waits for a child, so children must get a thread although all are taken by waiting parents.
    app.launch(max_executor_threads=2)
    handles = [await DBOS.start_workflow_async(parent, number) for number in range(20)]
    assert [await handle.get_result(timeout_seconds=20) for handle in handles] == [n * n for n in range(20)]
    assert app.counts()["workflows"] == 40

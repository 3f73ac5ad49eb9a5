"""Steps under asyncio.gather or a task group are recorded under the numbers in which they were called.

Older behaviour: gathered steps were silently not recorded, and ran again on recovery.
"""

import asyncio

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("async",)


async def check(app: App) -> None:
    calls: list[int] = []
    order = [app.gate() for _ in range(4)]

    @DBOS.step()
    async def work(number: int) -> tuple[int, int]:
        calls.append(number)
        await order[number].wait_async()
        if number > 0:
            order[number - 1].open()
        return number, DBOS.step_id

    @DBOS.workflow()
    async def gathering() -> list[tuple[int, int]]:
        order[3].open()
        gathered = await asyncio.gather(*(work(number) for number in range(4)))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work(number)) for number in (3, 2)]
        return [*gathered, *(task.result() for task in tasks)]

    expected = [(0, 1), (1, 2), (2, 3), (3, 4), (3, 5), (2, 6)]
    handle = await DBOS.start_workflow_async(gathering)
    assert await handle.get_result() == expected
    assert list(app.recorded(handle.workflow_id)) == [1, 2, 3, 4, 5, 6]
    assert await app.rerun_async(handle.workflow_id, keep=6) == expected
    assert len(calls) == 6

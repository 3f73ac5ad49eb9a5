"""A start that is cancelled while its row is being written leaves no workflow, or one that ends by itself.

Older behaviour: the row was written and nobody ran it until the next launch.
"""

import asyncio
import contextlib

import pytest

from dbos_typed import DBOS, SetWorkflowID
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from tests.behaviour.app import App

FORMS = ("async",)  # a blocking start cannot be given up


async def check(app: App) -> None:
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    journal = runtime.database.journal
    ran: list[str] = []

    @DBOS.workflow()
    async def flow(number: int) -> int:
        ran.append(DBOS.workflow_id)
        return number

    async def call(number: int) -> int:
        return await flow(number)

    async def start(number: int) -> None:
        await DBOS.start_workflow_async(flow, number)

    tasks = []
    with contextlib.ExitStack() as held:
        for lane in journal._lanes:
            held.enter_context(lane.busy)
        for number, begin in enumerate((start, call)):
            with SetWorkflowID(f"w{number}"):
                tasks.append(asyncio.create_task(begin(number)))
        while len(journal._queue) < len(tasks):
            await asyncio.sleep(0.001)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with pytest.raises(asyncio.CancelledError):
                await task
    # Written after the others, because writes keep their order.
    with SetWorkflowID("last"):
        assert await flow(9) == 9
    found = {row["workflow_id"] for row in app.rows("workflows")}
    await app.until_async(lambda: {row["status"] for row in app.rows("workflows")} == {"SUCCESS"})
    assert sorted(ran) == sorted(found)
    # The ids are free, or name what has ended.
    for number in range(len(tasks)):
        with SetWorkflowID(f"w{number}"):
            assert await flow(number) == number
    assert sorted(ran) == ["last", "w0", "w1"]

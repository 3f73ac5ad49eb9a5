"""However many write to one stream at one time, each value comes once, and each writer's values in their order.

Older behaviour: writers who met took the same position, and all but one of them failed.
"""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

GATHERED = 100
STEPS = 8
EACH = 10


async def check(app: App) -> None:
    @DBOS.step()
    async def step(writer: int) -> None:
        for number in range(EACH):
            await DBOS.write_stream_async("steps", [writer, number])

    @DBOS.workflow()
    async def gathered() -> None:
        await asyncio.gather(*(DBOS.write_stream_async("gathered", number) for number in range(GATHERED)))
        await asyncio.gather(*(step(writer) for writer in range(STEPS)))

    @DBOS.step()
    def threaded_step() -> None:
        # Threads of one step: each writes beside the others, over every connection of the journal.
        def write(writer: int) -> None:
            for number in range(EACH):
                DBOS.write_stream("steps", [writer, number])

        with ThreadPoolExecutor(STEPS) as pool:
            for future in [pool.submit(contextvars.copy_context().run, write, writer) for writer in range(STEPS)]:
                future.result()

    @DBOS.workflow()
    def threaded() -> None:
        for number in range(GATHERED):
            DBOS.write_stream("gathered", number)
        threaded_step()

    with SetWorkflowID("w"):
        if app.form == "async":
            await gathered()
        else:
            threaded()
    for run in ("first", "again"):
        numbers = [value async for value in DBOS.read_stream_async("w", "gathered")]
        assert sorted(numbers) == list(range(GATHERED)), run
        values = [value async for value in DBOS.read_stream_async("w", "steps")]
        assert sorted(values) == [[writer, number] for writer in range(STEPS) for number in range(EACH)], run
        for writer in range(STEPS):
            assert [number for each, number in values if each == writer] == list(range(EACH)), run
        positions = app.sql("SELECT position FROM {dbos}streams WHERE key = 'steps' ORDER BY position")
        assert [row["position"] for row in positions] == list(range(1, STEPS * EACH + 1)), run
        if run == "first":
            await app.rerun_async("w", keep=GATHERED + STEPS)

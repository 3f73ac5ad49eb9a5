"""A reader gets each value as it is written, while the workflow runs, and waits for the next one."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gates = [app.gate() for _ in range(3)]

    @DBOS.workflow()
    async def writing() -> None:
        for number, gate in enumerate(gates):
            await DBOS.write_stream_async("numbers", number)
            await gate.wait_async()

    def seen(number: int) -> int:
        gates[number].open()
        return number

    handle = await DBOS.start_workflow_async(writing)
    assert [seen(value) async for value in DBOS.read_stream_async(handle.workflow_id, "numbers")] == [0, 1, 2]
    await handle.get_result(timeout_seconds=20)

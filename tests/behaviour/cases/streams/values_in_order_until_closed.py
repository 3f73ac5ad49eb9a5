"""A reader gets the values of a stream in the order of writing, each once, until it is closed; streams are separate."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def writing() -> None:
        for number in range(30):
            await DBOS.write_stream_async("numbers", number)
            await DBOS.write_stream_async("others", [number])
        await DBOS.close_stream_async("numbers")
        await gate.wait_async()

    handle = await DBOS.start_workflow_async(writing)
    for _ in range(2):  # reading takes nothing away
        numbers = [value async for value in DBOS.read_stream_async(handle.workflow_id, "numbers")]
        assert numbers == list(range(30))
    assert app.row(handle.workflow_id)["status"] == "PENDING"
    gate.open()
    others = [value async for value in DBOS.read_stream_async(handle.workflow_id, "others")]
    assert others == [[number] for number in range(30)]

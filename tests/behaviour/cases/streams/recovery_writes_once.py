"""What a workflow wrote is recorded and not written again by its recovery; a step that runs again writes again."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def step() -> None:
        await DBOS.write_stream_async("words", "of the step")

    @DBOS.workflow()
    async def writing() -> None:
        await DBOS.write_stream_async("words", "first")
        await step()
        await DBOS.write_stream_async("words", "last")
        await DBOS.close_stream_async("words")

    async def read() -> list[str]:
        return [value async for value in DBOS.read_stream_async("w", "words")]

    with SetWorkflowID("w"):
        await writing()
    assert await read() == ["first", "of the step", "last"]
    assert app.recorded("w") == {
        1: "DBOS.writeStream",
        2: "check.<locals>.step",
        3: "DBOS.writeStream",
        4: "DBOS.closeStream",
    }
    await app.rerun_async("w", keep=4)
    await app.rerun_async("w", keep=2)
    assert await read() == ["first", "of the step", "last"]

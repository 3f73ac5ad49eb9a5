"""Streams are written by workflows and steps and read outside them or in a step; elsewhere the call is refused."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def writing() -> None:
        await DBOS.write_stream_async("words", "one")
        with pytest.raises(error.DBOSSerializationError):
            await DBOS.write_stream_async("words", object())

    @DBOS.step()
    async def read_in_step(workflow_id: str) -> list[str]:
        return [value async for value in DBOS.read_stream_async(workflow_id, "words")]

    @DBOS.workflow()
    async def reading(workflow_id: str) -> list[str]:
        with pytest.raises(error.DBOSContextError, match=r"read_stream.*in a step"):
            assert [value async for value in DBOS.read_stream_async(workflow_id, "words")]
        return await read_in_step(workflow_id)

    with pytest.raises(error.DBOSContextError, match="writeStream"):
        await DBOS.write_stream_async("words", "nobody's")
    with pytest.raises(error.DBOSContextError, match="closeStream"):
        await DBOS.close_stream_async("words")
    with pytest.raises(ValueError, match="key of a stream"):
        assert [value async for value in DBOS.read_stream_async("w", "")]
    handle = await DBOS.start_workflow_async(writing)
    assert await reading(handle.workflow_id) == ["one"]
    assert len(app.rows("workflows")) == 2

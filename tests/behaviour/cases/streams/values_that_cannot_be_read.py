"""A value that cannot be read is an UndecodableValue in a reading by name, and ends a typed one; the others are read.

Older behaviour: what came after such a value could not be read at all.
"""

import pytest

from dbos_typed import DBOS, SetWorkflowID, Stream, UndecodableValue, error
from tests.behaviour.app import App


NUMBERS = Stream[int]("numbers")


async def check(app: App) -> None:
    @DBOS.workflow()
    async def writing() -> None:
        for number in range(3):
            await DBOS.write_stream_async(NUMBERS, number)

    with SetWorkflowID("w"):
        await writing()
    app.sql("UPDATE {dbos}streams SET value = 'broken' WHERE position = 2")
    first, broken, last = [value async for value in DBOS.read_stream_async("w", "numbers")]
    assert (first, last) == (0, 2)
    assert isinstance(broken, UndecodableValue)
    assert broken.text == "broken"
    with pytest.raises(error.DBOSSerializationError):
        assert [value async for value in DBOS.read_stream_async("w", NUMBERS)] is None

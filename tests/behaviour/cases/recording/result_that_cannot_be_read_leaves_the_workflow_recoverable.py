"""A recorded result that cannot be read on replay is told, and the workflow stays PENDING until it can be.

Older behaviour: the workflow ended with the error of the decoder, for good.
"""

from dataclasses import dataclass

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App


@dataclass
class Count:
    number: int


async def check(app: App) -> None:
    caught: list[BaseException] = []

    @DBOS.step(name="count")
    async def count() -> Count:
        return Count(7)

    @DBOS.workflow()
    async def flow() -> int:
        try:
            return (await count()).number
        except Exception as unreadable:
            caught.append(unreadable)
            return -1

    for text in ('{"amount":7}', '{"number":', "broken"):
        with SetWorkflowID(text):
            assert await flow() == 7
        written = next(row["output"] for row in app.rows("steps") if row["workflow_id"] == text)
        app.sql("UPDATE {dbos}steps SET output = :text WHERE workflow_id = :id", text=text, id=text)
        app.rewind(text, keep=1)
        await app.recover_in_vain_async(text)
        unexpected = caught.pop()
        assert isinstance(unexpected, error.DBOSUnexpectedStepError)
        assert (unexpected.workflow_id, unexpected.step_id) == (text, 1)
        assert "cannot be read here" in str(unexpected)
        assert any("cannot be read here" in line and repr(text) in line for line in app.log)
        app.sql("UPDATE {dbos}steps SET output = :text WHERE workflow_id = :id", text=written, id=text)
        assert await app.recovered_result_async(text) == 7
    assert caught == []

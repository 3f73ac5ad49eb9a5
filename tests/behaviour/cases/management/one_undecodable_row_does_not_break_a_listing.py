"""A stored value that cannot be read shows as UndecodableValue with the reason; the others are listed as ever.

Older behaviour: one row that could not be decoded made every listing that contained it fail.
"""

from dbos_typed import DBOS, SetWorkflowID, UndecodableValue
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def counting(number: int) -> int:
        return number

    for number in (1, 2):
        with SetWorkflowID(f"w{number}"):
            await counting(number)
    app.sql("UPDATE {dbos}workflows SET inputs = 'broken', output = '[' WHERE workflow_id = 'w1'")
    app.sql("UPDATE {dbos}workflows SET name = 'gone' WHERE workflow_id = 'w2'")
    first, second = await DBOS.list_workflows_async(sort_desc=False)
    assert isinstance(first.input, UndecodableValue)
    assert isinstance(first.output, UndecodableValue)
    assert "SUCCESS" in repr(first)
    assert (second.name, second.output) == ("gone", 2)

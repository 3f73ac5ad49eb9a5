"""A workflow that cannot be recovered is logged with the reason and left as it is; the others are recovered.

Older behaviour: one poison workflow stopped the recovery of all.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="work")
    async def work(number: int) -> int:
        return number

    for workflow_id in ("broken", "fine", "gone", "homeless"):
        with SetWorkflowID(workflow_id):
            await work(7)
        app.rewind(workflow_id, keep=0)
    app.sql("UPDATE {dbos}workflows SET inputs = 'broken' WHERE workflow_id = 'broken'")
    app.sql("UPDATE {dbos}workflows SET name = 'retired' WHERE workflow_id = 'gone'")
    app.sql("UPDATE {dbos}workflows SET class_name = 'Shop', config_name = 'x' WHERE workflow_id = 'homeless'")
    await app.crash_async()
    app.launch()
    assert await (await DBOS.retrieve_workflow_async("fine")).get_result(timeout_seconds=20) == 7
    for workflow_id, reason in (("broken", "cannot be read"), ("gone", "'retired'"), ("homeless", "Shop('x')")):
        assert any(f"'{workflow_id}'" in line and reason in line for line in app.log if line.startswith("ERROR"))
        row = app.row(workflow_id)
        assert (row["status"], row["recovery_attempts"]) == ("PENDING", 0)

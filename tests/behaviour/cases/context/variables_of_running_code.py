"""Running code can ask where it is: workflow, parent, step number and attempt, executor and version."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def in_step() -> list[object]:
        status = DBOS.step_status
        return [DBOS.workflow_id, DBOS.step_id, status.step_id, status.current_attempt, status.max_attempts]

    @DBOS.step(retries_allowed=True, interval_seconds=0, max_attempts=3)
    async def trying() -> list[object]:
        status = DBOS.step_status
        if status.current_attempt != 2:
            raise ValueError
        return [status.step_id, status.current_attempt, status.max_attempts]

    @DBOS.transaction()
    def in_transaction() -> list[object]:
        return [DBOS.workflow_id, DBOS.step_id]

    @DBOS.workflow()
    async def child() -> list[object]:
        return [DBOS.workflow_id, DBOS.parent_workflow_id]

    @DBOS.workflow()
    async def asking() -> list[list[object]]:
        return [await in_step(), await trying(), in_transaction(), await child(), [DBOS.parent_workflow_id]]

    with SetWorkflowID("w"):
        answers = await asking()
    assert answers == [["w", 1, 1, None, None], [2, 2, 3], ["w", 3], ["w-4", "w"], [None]]
    assert (DBOS.executor_id, DBOS.application_version) == ("here", "1")

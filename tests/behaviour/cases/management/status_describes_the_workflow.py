"""A status says what is stored: name, inputs, outcome, times, parent; its repr says the outcome in one line."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="child")
    async def child(number: int) -> int:
        return number + 1

    @DBOS.workflow(name="parent")
    async def parent() -> int:
        return await child(1)

    with SetWorkflowID("p"):
        await parent()
    status = await DBOS.get_workflow_status_async("p-1")
    assert status is not None
    assert (status.name, status.status, status.output, status.error) == ("child", "SUCCESS", 2, None)
    assert repr(status.input) == "{'args': (1,), 'kwargs': {}}"
    assert (status.parent_workflow_id, status.recovery_attempts) == ("p", 0)
    assert (status.class_name, status.config_name, status.authenticated_user) == (None, None, None)
    assert status.created_at is not None
    assert status.updated_at is not None
    assert 0 <= status.updated_at - status.created_at < 60_000
    assert repr(status) == "<WorkflowStatus 'p-1' child SUCCESS, output=2>"

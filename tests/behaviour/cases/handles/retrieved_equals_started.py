"""A retrieved handle answers as the one from the start does: id, status, result."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="greeting")
    async def greeting(name: str, count: int = 2) -> list[str]:
        return [name] * count

    started = await DBOS.start_workflow_async(greeting, "ann")
    assert await started.get_result() == ["ann", "ann"]
    retrieved = await DBOS.retrieve_workflow_async(started.workflow_id)
    assert await retrieved.get_result() == ["ann", "ann"]
    assert retrieved.workflow_id == started.get_workflow_id() == started.workflow_id
    assert await retrieved.get_status() == await started.get_status()
    status = await started.get_status()
    assert (status.name, status.status, status.output) == ("greeting", "SUCCESS", ["ann", "ann"])
    assert status.input == {"args": ("ann",), "kwargs": {}}
    assert (status.executor_id, status.app_version, status.queue_name) == ("here", "1", None)
    assert repr(started) != repr(status)
    assert started.workflow_id in repr(started)

"""An empty sequence and a limit of 0 match nothing.

Older behaviour: they were taken for no condition at all, and everything was listed.
"""

from dbos_typed import DBOS, WorkflowFilters
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def done() -> None: ...

    await done()
    nothing: list[WorkflowFilters] = [
        {"workflow_ids": []},
        {"status": []},
        {"name": []},
        {"executor_id": []},
        {"limit": 0},
    ]
    for filters in nothing:
        assert await DBOS.list_workflows_async(**filters) == []
    assert len(await DBOS.list_workflows_async()) == 1

"""Listing filters by id, prefix, status, name, version, executor and time; filters given together must all hold."""

from datetime import UTC, datetime

from dbos_typed import DBOS, SetWorkflowID, WorkflowFilters
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="alpha")
    async def alpha() -> None: ...

    @DBOS.workflow(name="beta")
    async def beta() -> None:
        raise ValueError

    for number in range(2):
        with SetWorkflowID(f"a{number}"):
            await alpha()
        with SetWorkflowID(f"b_{number}"):
            try:
                await beta()
            except ValueError:
                continue
    app.sql("UPDATE {dbos}workflows SET app_version = '2', executor_id = 'there' WHERE workflow_id = 'a1'")
    for moment, workflow_id in enumerate(("a0", "a1", "b_0", "b_1")):
        app.sql("UPDATE {dbos}workflows SET created_at = :at WHERE workflow_id = :id", at=1000 * moment, id=workflow_id)

    async def listed(filters: WorkflowFilters) -> list[str]:
        return [found.workflow_id for found in await DBOS.list_workflows_async(**filters)]

    assert await listed({}) == ["a0", "a1", "b_0", "b_1"]
    assert await listed({"workflow_ids": ["b_1", "a0", "missing"]}) == ["a0", "b_1"]
    assert await listed({"workflow_id_prefix": "b_"}) == ["b_0", "b_1"]
    assert await listed({"workflow_id_prefix": "_"}) == []
    assert await listed({"status": "ERROR"}) == ["b_0", "b_1"]
    assert await listed({"status": ["ERROR", "SUCCESS"], "name": "alpha"}) == ["a0", "a1"]
    assert await listed({"name": ["alpha", "beta"], "app_version": "2"}) == ["a1"]
    assert await listed({"name": "any.module:beta"}) == ["b_0", "b_1"]
    assert await listed({"executor_id": ["there"]}) == ["a1"]
    assert await listed({"start_time": "1970-01-01T00:00:01Z", "end_time": "1970-01-01T01:00:02+01:00"}) == [
        "a1",
        "b_0",
    ]
    assert await listed({"start_time": datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC)}) == ["b_1"]
    assert await listed({"limit": 2, "offset": 1, "sort_desc": True}) == ["b_0", "a1"]
    assert await listed({"offset": 3}) == ["b_1"]
    assert await listed({"user": "ann"}) == []

"""A row that cannot be read is told at launch, listed with the reason and left alone; everything else is recovered.

Older behaviour: one row with broken roles, or one record of an unknown kind, made the launch fail.
"""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App

LAUNCH = False
BROKEN_ROLES = ("not json", '{"a": 1}', "[1]", "null", "[" * 100_000, '["a"')


async def check(app: App) -> None:
    runs: list[int] = []

    @DBOS.step()
    async def stepping() -> int:
        return 1

    @DBOS.workflow()
    async def counting(number: int) -> int:
        runs.append(number)
        return number + await stepping()

    app.launch()
    broken = [f"broken {number}" for number in range(len(BROKEN_ROLES))]
    whole = ["a whole one", "z whole one", "newer step"]
    for number, workflow_id in enumerate([*broken, *whole, "newer"]):
        with SetWorkflowID(workflow_id):
            await counting(number)
    await app.crash_async()
    for workflow_id in [*broken, *whole]:
        app.rewind(workflow_id, keep=1)
    for workflow_id, roles in zip(broken, BROKEN_ROLES, strict=True):
        app.sql("UPDATE {dbos}workflows SET auth_roles = :roles WHERE workflow_id = :id", roles=roles, id=workflow_id)
    app.sql("UPDATE {dbos}workflows SET status = 'DELAYED' WHERE workflow_id = 'newer'")
    app.sql("UPDATE {dbos}steps SET kind = 'telepathy' WHERE workflow_id = 'newer step'")
    runs.clear()

    app.launch()
    for workflow_id in ("a whole one", "z whole one"):
        handle = await DBOS.retrieve_workflow_async(workflow_id)
        assert await handle.get_result(PATIENCE_SECONDS) is not None
    await app.until_async(lambda: any("'newer step' stopped without an outcome" in line for line in app.log))
    for workflow_id in broken:
        assert any(repr(workflow_id) in line and "auth_roles are no JSON list of texts" in line for line in app.log)
    assert not any(number in runs for number in range(len(broken)))

    found = {status.workflow_id: status for status in await DBOS.list_workflows_async()}
    assert found.keys() == {*broken, *whole, "newer"}
    for workflow_id in broken:
        status = found[workflow_id]
        assert (status.status, status.authenticated_roles) == ("PENDING", None)
        assert "auth_roles" in str(status.unreadable)
        assert status.output is None
    assert found["newer"].status == "UNKNOWN"
    assert found["newer"].unreadable == "its status 'DELAYED' is unknown to this version of dbos_typed"
    assert "'DELAYED'" in repr(found["newer"])
    assert all(found[workflow_id].unreadable is None for workflow_id in whole)

    unknown = await DBOS.list_workflows_async(status="UNKNOWN")
    assert [status.workflow_id for status in unknown] == ["newer"]
    for refused in (DBOS.resume_workflow_async, DBOS.restart_workflow_async):
        with pytest.raises(error.DBOSRecoveryError, match="'DELAYED' is unknown"):
            await refused("newer")
    with pytest.raises(error.DBOSRecoveryError, match="'DELAYED' is unknown"):
        await DBOS.fork_workflow_async("newer", 1)
    assert app.row("newer")["status"] == "DELAYED"
    assert app.counts()["workflows"] == len(found)

    app.sql("UPDATE {dbos}workflows SET auth_roles = NULL WHERE workflow_id = 'broken 0'")
    assert sorted(await app.recover_async()) == ["broken 0", "newer step"]

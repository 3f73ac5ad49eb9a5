"""A PENDING row of this executor that nobody runs is begun within seconds, however it came to be.

Older behaviour: it waited for the next launch. A restored backup or a lost answer leaves such rows behind.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App


def plant(app: App, workflow_id: str, copied: str, **changes: object) -> None:
    """Insert a copy of a row, as if it had come from a backup."""
    row = {**app.row(copied), "workflow_id": workflow_id, **changes}
    names = ", ".join(row)
    app.sql(f"INSERT INTO {{dbos}}workflows ({names}) VALUES ({', '.join(f':{name}' for name in row)})", **row)


async def check(app: App) -> None:
    gate = app.gate()
    begun: list[str] = []
    stepped: list[str] = []

    @DBOS.step()
    async def first() -> None:
        stepped.append(DBOS.workflow_id)

    @DBOS.workflow()
    async def flow(name: str) -> str:
        begun.append(DBOS.workflow_id)
        await first()
        if name == "held":
            await gate.wait_async()
        return f"ended {name}"

    with SetWorkflowID("w"):
        assert await flow("w") == "ended w"
    pending = {"status": "PENDING", "output": None}
    plant(app, "planted", "w", **pending, run_token=app.row("w")["run_token"] + 1)
    planted = await DBOS.retrieve_workflow_async("planted")
    assert await planted.get_result(PATIENCE_SECONDS) == "ended w"
    # Nothing of it had run here, so nothing is counted against it.
    assert app.row("planted")["recovery_attempts"] == 0

    # Those of others are theirs.
    plant(app, "theirs", "w", **pending, executor_id="there")
    plant(app, "other version", "w", **pending, app_version="other")

    # The row of a running workflow is replaced under it by an older copy.
    with SetWorkflowID("held"):
        held = await DBOS.start_workflow_async(flow, "held")
    await app.until_async(lambda: app.recorded("held"))
    app.sql("DELETE FROM {dbos}steps WHERE workflow_id = 'held'")
    app.sql("UPDATE {dbos}workflows SET run_token = run_token - 1 WHERE workflow_id = 'held'")
    await app.until_async(lambda: stepped.count("held") == 2)
    gate.open()
    assert await held.get_result(PATIENCE_SECONDS) == "ended held"
    await app.until_async(lambda: DBOS.health().running_workflows == 0)
    assert app.row("held")["status"] == "SUCCESS"
    assert begun == ["w", "planted", "held", "held"]
    for workflow_id in ("theirs", "other version"):
        assert app.row(workflow_id)["status"] == "PENDING"

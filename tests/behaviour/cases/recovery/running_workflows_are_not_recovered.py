"""A workflow that runs in this process is not recovered, however often recovery is asked for."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    runs: list[str] = []

    @DBOS.workflow()
    async def slow() -> str:
        runs.append("run")
        await gate.wait_async()
        return "done"

    handle = await DBOS.start_workflow_async(slow)
    assert [await app.recover_async() for _ in range(3)] == [[], [], []]
    assert app.row(handle.workflow_id)["recovery_attempts"] == 0
    gate.open()
    assert await handle.get_result(timeout_seconds=20) == "done"
    assert runs == ["run"]

"""With max_recovery_attempts=None a workflow is recovered however often it dies."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[int] = []

    @DBOS.workflow(max_recovery_attempts=None)
    async def dying() -> int:
        runs.append(1)
        return len(runs)

    with SetWorkflowID("dying"):
        await dying()
    app.sql("UPDATE {dbos}workflows SET recovery_attempts = 1000")
    assert await app.rerun_async("dying", keep=0) == 2
    assert app.row("dying")["recovery_attempts"] == 1001

"""Starting the id of a running workflow gives a handle to that run: never a second execution, no recovery counted.

Older behaviour: the workflow ran twice, and repeated starts pushed a healthy run over its recovery attempts.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate = app.gate()
    runs: list[str] = []

    @DBOS.workflow(max_recovery_attempts=1)
    async def slow() -> str:
        runs.append("run")
        await gate.wait_async()
        return "done"

    handles = []
    for _ in range(4):
        with SetWorkflowID("slow"):
            handles.append(await DBOS.start_workflow_async(slow))
    assert app.row("slow")["recovery_attempts"] == 0
    gate.open()
    assert [await handle.get_result() for handle in handles] == ["done"] * 4
    assert runs == ["run"]

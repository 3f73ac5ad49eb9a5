"""The engine's own errors are recorded like any other: class and facts are the same after a replay."""

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def asking() -> list[str]:
        found: list[str] = []
        try:
            await DBOS.retrieve_workflow_async("missing")
        except error.DBOSNonExistentWorkflowError as raised:
            found.append(f"{raised.workflow_id} {raised.status_code} {raised}")
        try:
            await DBOS.send_async("missing", 1)
        except error.DBOSNonExistentWorkflowError as raised:
            found.append(f"{raised.workflow_id} {raised.message}")
        return found

    handle = await DBOS.start_workflow_async(asking)
    live = await handle.get_result()
    assert len(live) == 2
    assert await app.rerun_async(handle.workflow_id, keep=2) == live

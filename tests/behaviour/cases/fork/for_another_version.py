"""A fork for another version of the application waits for an executor of that version, which runs it on."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    versions: list[str] = []

    @DBOS.step()
    async def work() -> str:
        versions.append(DBOS.application_version)
        return DBOS.application_version

    @DBOS.workflow()
    async def two() -> list[str]:
        return [await work(), await work()]

    with SetWorkflowID("w"):
        assert await two() == ["1", "1"]
    forked = await DBOS.fork_workflow_async("w", 2, application_version="2")
    row = app.row(forked.workflow_id)
    assert (row["status"], row["app_version"]) == ("ENQUEUED", "2")
    await app.crash_async()
    app.launch(application_version="2")
    again = await DBOS.retrieve_workflow_async(forked.workflow_id)
    assert await again.get_result(timeout_seconds=20) == ["1", "2"]
    assert versions == ["1", "1", "2"]

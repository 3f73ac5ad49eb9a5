"""A workflow that is resumed where its function is unknown waits for an executor that has it, and is not run twice."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[str] = []

    def define() -> object:
        @DBOS.workflow(name="work")
        async def work() -> str:
            runs.append("run")
            return "done"

        return work

    with SetWorkflowID("w"):
        await define()()
    app.sql("UPDATE {dbos}workflows SET status = 'CANCELLED', output = NULL")
    app.reset()
    app.launch()
    resumed = await DBOS.resume_workflow_async("w")
    assert (await resumed.get_status()).status == "ENQUEUED"
    again = await DBOS.resume_workflow_async("w")
    assert runs == ["run"]
    define()
    assert [await handle.get_result(timeout_seconds=20) for handle in (resumed, again)] == ["done", "done"]
    assert runs == ["run", "run"]

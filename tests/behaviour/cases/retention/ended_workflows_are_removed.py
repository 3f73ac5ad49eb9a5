"""With retention_seconds, what ended longer ago is removed with all its records; what has not ended is kept."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

LAUNCH = False

AGE = "UPDATE {dbos}workflows SET created_at = 1, updated_at = 2 WHERE workflow_id <> 'fresh'"


async def check(app: App) -> None:
    app.launch()
    gate = app.gate()

    @DBOS.step()
    async def step(outcome: str) -> str:
        if outcome == "fails":
            raise ValueError(outcome)
        return outcome

    @DBOS.workflow()
    async def work(outcome: str) -> str:
        await DBOS.set_event_async("progress", outcome)
        if outcome == "waits":
            await gate.wait_async()
        return await step(outcome)

    for name in ("succeeds", "fails", "fresh"):
        with SetWorkflowID(name):
            handle = await DBOS.start_workflow_async(work, name)
        try:
            await handle.get_result()
        except ValueError:
            assert name == "fails"
    for name in ("cancelled", "waiting", "set aside"):
        with SetWorkflowID(name):
            await DBOS.start_workflow_async(work, "waits")
        assert await DBOS.get_event_async(name, "progress") == "waits"
    await DBOS.send_async("succeeds", "a message that nobody reads")
    await DBOS.cancel_workflow_async("cancelled")
    app.sql("UPDATE {dbos}workflows SET status = 'RETRIES_EXCEEDED' WHERE workflow_id = 'set aside'")
    await app.crash_async()
    app.sql(AGE)
    app.launch(retention_seconds=3600)
    await app.until_async(lambda: len(app.rows("workflows")) == 3)
    kept = {row["workflow_id"] for row in app.rows("workflows")}
    assert kept == {"fresh", "waiting", "set aside"}
    assert {row["workflow_id"] for row in app.rows("steps")} <= kept
    assert {row["workflow_id"] for row in app.rows("events")} == kept
    assert app.rows("messages") == []
    await app.until_async(lambda: [line for line in app.log if "Removed 3 workflows" in line])
    gate.open()
    assert await (await DBOS.retrieve_workflow_async("waiting")).get_result() == "waits"

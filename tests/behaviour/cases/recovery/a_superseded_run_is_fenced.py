"""When another run took a workflow over, the old run's writes are refused and it stops; the outcome is the owner's."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, working = app.gate(), app.gate()
    went_on: list[str] = []

    @DBOS.step()
    async def work() -> str:
        working.open()
        await gate.wait_async()
        return "stale"

    @DBOS.workflow()
    async def long() -> str:
        try:
            result = await work()
        except Exception:
            went_on.append("swallowed")
            raise
        went_on.append("went on")
        return result

    handle = await DBOS.start_workflow_async(long)
    await working.wait_async()
    # Another process claims the workflow and finishes it.
    app.sql("UPDATE {dbos}workflows SET run_token = run_token + 1, executor_id = 'there'")
    gate.open()
    await app.until_async(lambda: app.recover() == [])
    app.sql("UPDATE {dbos}workflows SET status = 'SUCCESS', output = '\"owner\"'")
    assert await handle.get_result(timeout_seconds=20) == "owner"
    assert went_on == []
    assert app.counts()["steps"] == 0

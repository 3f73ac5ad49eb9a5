"""A record of a kind that is unknown here does not fit any call: it is told, and the workflow stays recoverable."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    @DBOS.step(name="charge")
    async def charge() -> str:
        return "charged"

    @DBOS.workflow()
    async def checkout() -> str:
        return await charge()

    with SetWorkflowID("order"):
        assert await checkout() == "charged"
    app.sql("UPDATE {dbos}steps SET kind = 'telepathy' WHERE workflow_id = 'order'")
    (step,) = await DBOS.list_workflow_steps_async("order")
    assert (step["function_name"], step["output"]) == ("charge", "charged")
    assert step["unreadable"] == "its kind 'telepathy' is unknown to this version of dbos_typed"

    app.rewind("order", keep=1)
    assert await app.recover_async() == ["order"]
    await app.until_async(lambda: any("the code now calls step 'charge'" in line for line in app.log))
    assert app.row("order")["status"] == "PENDING"

    app.sql("UPDATE {dbos}steps SET kind = 'step' WHERE workflow_id = 'order'")
    await app.until_async(lambda: app.recover() == ["order"])
    handle = await DBOS.retrieve_workflow_async("order")
    assert await handle.get_result(PATIENCE_SECONDS) == "charged"

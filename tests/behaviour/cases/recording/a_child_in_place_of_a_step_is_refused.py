"""A child workflow called where a step of the same name was recorded is refused at once.

Older behaviour: the names alone were compared, and the parent waited for ever for a child that nobody started.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    is_changed = [False]

    @DBOS.step(name="charge")
    async def charge_step() -> str:
        return "charged"

    @DBOS.workflow(name="charge")
    async def charge_child() -> str:
        return "charged by a child"

    @DBOS.workflow()
    async def checkout() -> str:
        return await (charge_child() if is_changed[0] else charge_step())

    with SetWorkflowID("order"):
        assert await checkout() == "charged"
    is_changed[0] = True
    app.rewind("order", keep=1)
    assert await app.recover_async() == ["order"]
    await app.until_async(lambda: any("workflow 'charge'" in line for line in app.log))
    assert any("step 'charge'" in line for line in app.log)
    assert app.row("order")["status"] == "PENDING"
    assert app.counts()["workflows"] == 1

"""With strict_replay, a step replayed with other arguments than recorded is refused and the workflow kept."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    amounts = [30, 40]

    @DBOS.step(name="charge")
    async def charge(amount: int) -> int:
        return amount

    @DBOS.workflow()
    async def checkout() -> int:
        return await charge(amounts.pop(0))

    app.launch(strict_replay=True)
    with SetWorkflowID("order"):
        assert await checkout() == 30
    app.rewind("order", keep=1)
    assert await app.recover_async() == ["order"]
    await app.until_async(lambda: any("strict_replay" in line for line in app.log))
    assert app.row("order")["status"] == "PENDING"

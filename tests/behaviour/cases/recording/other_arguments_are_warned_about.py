"""A step replayed with other arguments than recorded answers from its record, and the log warns of it."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    amounts = [30, 40]

    @DBOS.step(name="charge")
    async def charge(amount: int) -> int:
        return amount

    @DBOS.workflow()
    async def checkout() -> int:
        return await charge(amounts.pop(0))

    handle = await DBOS.start_workflow_async(checkout)
    assert await handle.get_result() == 30
    assert await app.rerun_async(handle.workflow_id, keep=1) == 30
    warnings = [line for line in app.log if line.startswith("WARNING")]
    assert len(warnings) == 1
    assert f"{handle.workflow_id!r}, step 1 (charge)" in warnings[0]
    assert "other arguments" in warnings[0]

"""A recorded step answers from its record when the workflow runs again, and later steps run for the first time."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    calls: list[str] = []

    @DBOS.step()
    async def reserve(item: str) -> str:
        calls.append(f"reserve {item}")
        return f"reservation of {item}"

    @DBOS.step()
    async def charge(amount: int) -> int:
        calls.append(f"charge {amount}")
        return amount

    @DBOS.workflow()
    async def checkout(item: str, amount: int) -> str:
        reservation = await reserve(item)
        return f"{reservation} for {await charge(amount)}"

    handle = await DBOS.start_workflow_async(checkout, "lamp", 30)
    assert await handle.get_result() == "reservation of lamp for 30"

    assert await app.rerun_async(handle.workflow_id, keep=1) == "reservation of lamp for 30"
    assert calls == ["reserve lamp", "charge 30", "charge 30"]

"""A step that raised is recorded with its error; the recovered workflow gets it again without calling the step."""

from dbos_typed import DBOS
from tests.behaviour.app import App


class Declined(Exception):
    def __init__(self, reason: str, amount: int) -> None:
        super().__init__(reason, amount)
        self.reason = reason
        self.amount = amount


async def check(app: App) -> None:
    calls: list[int] = []

    @DBOS.step()
    async def charge(amount: int) -> None:
        calls.append(amount)
        raise Declined("no funds", amount)

    @DBOS.workflow()
    async def checkout(amount: int) -> str:
        try:
            await charge(amount)
        except Declined as declined:
            return f"{declined.reason}: {declined.amount} {declined.args}"
        return "paid"

    handle = await DBOS.start_workflow_async(checkout, 30)
    expected = "no funds: 30 ('no funds', 30)"
    assert await handle.get_result() == expected
    assert await app.rerun_async(handle.workflow_id, keep=1) == expected
    assert calls == [30]

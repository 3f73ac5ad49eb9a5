"""A blocking start of a coroutine workflow runs it, and its handle gives the value, not a coroutine."""

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("async",)


async def check(app: App) -> None:
    @DBOS.step()
    async def double(number: int) -> int:
        return 2 * number

    @DBOS.workflow()
    async def doubling(number: int) -> int:
        return await double(number)

    handle = DBOS.start_workflow(doubling, 4)
    assert handle.get_result(timeout_seconds=20) == 8

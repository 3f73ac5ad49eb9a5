"""A step with retries is called again after a failure, and what is recorded is its success."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    attempts: list[int] = []

    @DBOS.step(retries_allowed=True, interval_seconds=0, max_attempts=5)
    async def flaky() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise ConnectionError("not yet")
        return "there"

    @DBOS.workflow()
    async def calling() -> str:
        return await flaky()

    handle = await DBOS.start_workflow_async(calling)
    assert await handle.get_result() == "there"
    assert len(attempts) == 3
    assert list(app.recorded(handle.workflow_id)) == [1]
    assert await app.rerun_async(handle.workflow_id, keep=1) == "there"
    assert len(attempts) == 3

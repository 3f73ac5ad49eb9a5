"""A step that fails in every attempt raises DBOSMaxStepRetriesExceeded with the error of each, live and replayed."""

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    attempts: list[int] = []

    @DBOS.step(name="hopeless", retries_allowed=True, interval_seconds=0, max_attempts=3)
    async def hopeless() -> None:
        attempts.append(1)
        raise ConnectionError(f"attempt {len(attempts)}")

    @DBOS.workflow()
    async def calling() -> list[str]:
        try:
            await hopeless()
        except error.DBOSMaxStepRetriesExceeded as exceeded:
            found = [f"{type(raised).__name__} {raised}" for raised in exceeded.errors]
            return [exceeded.step_name, str(exceeded.max_retries), *found]
        return []

    handle = await DBOS.start_workflow_async(calling)
    expected = ["hopeless", "3", "ConnectionError attempt 1", "ConnectionError attempt 2", "ConnectionError attempt 3"]
    assert await handle.get_result() == expected
    assert await app.rerun_async(handle.workflow_id, keep=1) == expected
    assert len(attempts) == 3

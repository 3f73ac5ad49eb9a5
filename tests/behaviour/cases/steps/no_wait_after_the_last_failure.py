"""Between attempts the step waits, longer each time; after the last failure it does not.

Older behaviour: it waited once more before giving up.
"""

import time

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    times: list[float] = []

    @DBOS.step(retries_allowed=True, interval_seconds=0.02, max_attempts=3, backoff_rate=3.0)
    async def failing() -> None:
        times.append(time.monotonic())
        raise ConnectionError

    @DBOS.step(retries_allowed=True, interval_seconds=3600, max_attempts=1)
    async def failing_once() -> None:
        raise ConnectionError

    @DBOS.workflow()
    async def calling() -> int:
        count = 0
        for step in (failing, failing_once):
            try:
                await step()
            except error.DBOSMaxStepRetriesExceeded:
                count += 1
        return count

    handle = await DBOS.start_workflow_async(calling)
    assert await handle.get_result(timeout_seconds=20) == 2
    assert times[1] - times[0] >= 0.019
    assert times[2] - times[1] >= 0.059
    with pytest.raises(error.DBOSMaxStepRetriesExceeded):
        await failing_once()

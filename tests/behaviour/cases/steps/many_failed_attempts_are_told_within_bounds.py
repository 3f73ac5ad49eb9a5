"""Of many failed attempts the first and the last errors are kept, the others counted; a few lines are logged.

Older behaviour: every error was kept with its traceback and stored, and every attempt was logged.
"""

import gc
import logging
import weakref

from dbos_typed import DBOS, error
from tests.behaviour.app import App

ATTEMPTS = 3000


class FailingError(Exception):
    """Can be referred to weakly."""


class Held:
    """Stands for what the variables of an attempt refer to."""


async def check(app: App) -> None:
    DBOS.logger.setLevel(logging.INFO)
    attempts: list[int] = []
    errors: weakref.WeakSet[FailingError] = weakref.WeakSet()
    held: weakref.WeakSet[Held] = weakref.WeakSet()
    most = [0, 0]

    @DBOS.step(name="hopeless", retries_allowed=True, interval_seconds=0, max_attempts=ATTEMPTS)
    async def hopeless() -> None:
        variable = Held()
        held.add(variable)
        attempts.append(1)
        failed = FailingError(f"attempt {len(attempts)}")
        errors.add(failed)
        if len(attempts) % 500 == 0:
            gc.collect()
            most[:] = [max(most[0], len(errors)), max(most[1], len(held))]
        raise failed from KeyError("a cause")

    @DBOS.workflow()
    async def calling() -> list[str]:
        try:
            await hopeless()
        except error.DBOSMaxStepRetriesExceeded as exceeded:
            assert exceeded.max_retries == ATTEMPTS
            assert exceeded.omitted == ATTEMPTS - len(exceeded.errors)
            assert f"in each of its {ATTEMPTS} attempts" in str(exceeded)
            assert f"the errors of {ATTEMPTS - 20} attempts in between are left out" in str(exceeded)
            return [str(raised) for raised in exceeded.errors]
        return []

    handle = await DBOS.start_workflow_async(calling)
    numbers = [*range(1, 11), *range(ATTEMPTS - 9, ATTEMPTS + 1)]
    expected = [f"attempt {number}" for number in numbers]
    assert await handle.get_result() == expected
    assert await app.rerun_async(handle.workflow_id, keep=1) == expected
    assert len(attempts) == ATTEMPTS
    # Those that were logged are remembered by the test's own log.
    assert most[0] <= 21 + 8
    assert most[1] <= 5
    (step,) = app.rows("steps")
    assert len(step["error"]) < 10_000

    told = [line for line in app.log if "failed in attempt" in line]
    assert len(told) == 18
    assert all(f"of {ATTEMPTS}" in line and line.startswith("WARNING") for line in told)
    assert "attempt 2048 of" in told[-1]

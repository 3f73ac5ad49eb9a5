"""A deadline whose cancellation the database does not take is kept and carried out later; ended workflows hold none.

Older behaviour: the one thread of the timers ended with the error, and no workflow had a deadline any more.
"""

import sqlite3

import psycopg
import pytest

from dbos_typed import DBOS, SetWorkflowTimeout, error
from dbos_typed.core.writes import CancelWorkflow
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from tests.behaviour.app import PATIENCE_SECONDS, App

FAILURES = 5
COUNT = 30


class Failing:
    """Applies batches, except the first ones that cancel something."""

    def __init__(self, applier, failed, *, is_sqlite):
        self._applier = applier
        self._failed = failed
        self._is_sqlite = is_sqlite

    def apply(self, connection, writes):
        if any(isinstance(write, CancelWorkflow) for write in writes) and len(self._failed) < FAILURES:
            self._failed.append(1)
            if not self._is_sqlite:
                raise psycopg.OperationalError("the connection was lost")
            failure = sqlite3.OperationalError("database or disk is full")
            failure.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise failure
        return self._applier.apply(connection, writes)


async def check(app: App) -> None:
    failed: list[int] = []
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    for lane in runtime.database.journal._lanes:
        lane._applier = Failing(lane._applier, failed, is_sqlite=app.is_sqlite)

    @DBOS.workflow()
    async def waiting() -> None:
        await DBOS.recv_async(timeout_seconds=3600)

    @DBOS.workflow()
    async def quick(number: int) -> int:
        return number

    with SetWorkflowTimeout(3600):
        handles = [await DBOS.start_workflow_async(quick, number) for number in range(COUNT)]
    for number, handle in enumerate(handles):
        assert await handle.get_result(PATIENCE_SECONDS) == number
    with SetWorkflowTimeout(0.05):
        late = await DBOS.start_workflow_async(waiting)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await late.get_result(PATIENCE_SECONDS)
    assert len(failed) == FAILURES
    assert app.row(late.workflow_id)["status"] == "CANCELLED"
    await app.until_async(lambda: not runtime._timers._deadlines)
    with SetWorkflowTimeout(0.05):
        again = await DBOS.start_workflow_async(waiting)
    with pytest.raises(error.DBOSAwaitedWorkflowCancelledError):
        await again.get_result(PATIENCE_SECONDS)

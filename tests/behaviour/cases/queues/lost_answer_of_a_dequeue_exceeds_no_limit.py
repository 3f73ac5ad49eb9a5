"""A dequeue whose answer is lost is found done when it is repeated: nothing is begun twice, and no limit is exceeded.

Older behaviour: what it had taken counted for nobody, and as many again were taken.
"""

import sqlite3
import time

import psycopg

from dbos_typed import DBOS, Queue, SetWorkflowID
from dbos_typed.core.writes import DequeueWorkflows
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from tests.behaviour.app import PATIENCE_SECONDS, App

LOST = 3
COUNT = 8


class Losing:
    """Applies batches, and loses the first answers that dequeue something after they are committed."""

    def __init__(self, applier, lost, *, is_sqlite):
        self._applier = applier
        self._lost = lost
        self._is_sqlite = is_sqlite

    def apply(self, connection, writes):
        answers, signals = self._applier.apply(connection, writes)
        is_dequeued = any(
            isinstance(write, DequeueWorkflows) and answer for write, answer in zip(writes, answers, strict=True)
        )
        if is_dequeued and len(self._lost) < LOST:
            self._lost.append(1)
            if not self._is_sqlite:
                raise psycopg.OperationalError("the connection was lost")
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        return answers, signals


async def check(app: App) -> None:
    gate = app.gate()
    queue = Queue("two", worker_concurrency=2, polling_interval_sec=0.02)
    begun: list[str] = []
    lost: list[int] = []
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    for lane in runtime.database.journal._lanes:
        lane._applier = Losing(lane._applier, lost, is_sqlite=app.is_sqlite)

    @DBOS.workflow()
    async def work() -> str:
        begun.append(DBOS.workflow_id)
        await gate.wait_async()
        return DBOS.workflow_id

    handles = []
    for number in range(COUNT):
        with SetWorkflowID(f"w{number}"):
            handles.append(await queue.enqueue_async(work))
    await app.until_async(lambda: len(lost) == LOST and len(begun) >= 2)
    time.sleep(0.1)  # five polls, in which nothing more may begin
    assert len(begun) == 2
    assert [row["status"] for row in app.rows("workflows")].count("PENDING") == 2
    gate.open()
    for handle in handles:
        assert await handle.get_result(PATIENCE_SECONDS) == handle.workflow_id
    assert sorted(begun) == [f"w{number}" for number in range(COUNT)]
    assert {row["recovery_attempts"] for row in app.rows("workflows")} == {0}

"""Thousands of waiting coroutine workflows in one process hold no threads and leave the others alone."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS

pytestmark = pytest.mark.slow

COUNT = 2_000
FURTHER_THREADS = 12
"""Reads share the default executor of the event loop, which has a few threads, however many workflows there are."""
BUSY_SECONDS = 2.0
PATIENCE_SECONDS = 60.0


@pytest.fixture
def launched(database_url: str) -> Iterator[None]:
    DBOS(
        config={
            "name": "sleeping",
            "database_url": database_url,
            "application_version": "1",
            "log_level": "ERROR",
            "executor_timeout_seconds": 600.0,
        }
    )
    DBOS.launch()
    yield
    DBOS.destroy(destroy_registry=True)


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.05)


@pytest.mark.usefixtures("launched")
def test_waiting_workflows_hold_no_threads_and_are_cancelled_together() -> None:
    @DBOS.workflow()
    async def sleeping() -> None:
        await DBOS.sleep_async(3600)

    @DBOS.workflow()
    async def receiving() -> None:
        await DBOS.recv_async(timeout_seconds=3600)

    @DBOS.transaction()
    def one() -> int:
        return int(DBOS.sql_session.execute(sa.text("SELECT 1")).scalar_one())

    @DBOS.workflow()
    async def brief() -> int:
        return one()

    async def scenario() -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await steps()

    async def steps() -> None:
        before = threading.active_count()
        kinds = [sleeping] * (COUNT - COUNT // 10) + [receiving] * (COUNT // 10)
        handles = await asyncio.gather(*(DBOS.start_workflow_async(kind) for kind in kinds))
        await until(lambda: len(DBOS.list_workflows(status="PENDING", load_input=False)) == COUNT)
        assert threading.active_count() <= before + FURTHER_THREADS
        # Others go on beside them, also those whose transactions change the database behind the journal.
        done, end = 0, time.monotonic() + BUSY_SECONDS
        while time.monotonic() < end:
            assert await brief() == 1
            done += 1
        assert done > BUSY_SECONDS, "one workflow a second is not what thousands of sleepers may leave of the speed"
        assert threading.active_count() <= before + FURTHER_THREADS
        await DBOS.cancel_workflows_async([handle.workflow_id for handle in handles])
        await until(lambda: len(asyncio.all_tasks()) == 1)
        assert await DBOS.list_workflows_async(status="PENDING") == []

    asyncio.run(scenario())

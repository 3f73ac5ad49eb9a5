"""A queue that the registry has forgotten takes nothing: the error says to create it again, and nothing is written."""

import pytest

from dbos_typed import DBOS, Queue, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    forgotten = Queue("work")
    await app.crash_async()
    app.reset()

    @DBOS.workflow()
    async def work() -> str:
        return "done"

    app.launch()
    with pytest.raises(error.DBOSInitializationError, match=r"'work'.*Create the queue again"):
        await forgotten.enqueue_async(work)
    assert app.counts()["workflows"] == 0
    again = Queue("work")
    assert await (await again.enqueue_async(work)).get_result(timeout_seconds=20) == "done"

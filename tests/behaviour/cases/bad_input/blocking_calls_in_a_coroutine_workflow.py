"""A blocking call in a coroutine workflow is refused and names the form to await.

Older behaviour: it blocked the event loop, and with it every other workflow.
"""

from collections.abc import Callable

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

FORMS = ("async",)


async def check(app: App) -> None:
    @DBOS.workflow()
    async def child() -> None: ...

    refused: list[str] = []
    calls: dict[str, Callable[[], object]] = {
        "DBOS.send_async": lambda: DBOS.send(DBOS.workflow_id, 1),
        "DBOS.recv_async": lambda: DBOS.recv(),
        "DBOS.set_event_async": lambda: DBOS.set_event("key", 1),
        "DBOS.get_event_async": lambda: DBOS.get_event("id", "key"),
        "DBOS.sleep_async": lambda: DBOS.sleep(1),
        "DBOS.start_workflow_async": lambda: DBOS.start_workflow(child),
        "DBOS.retrieve_workflow_async": lambda: DBOS.retrieve_workflow("id"),
        "DBOS.get_workflow_status_async": lambda: DBOS.get_workflow_status("id"),
        "DBOS.list_workflows_async": lambda: DBOS.list_workflows(),
        "DBOS.cancel_workflow_async": lambda: DBOS.cancel_workflow("id"),
        "DBOS.resume_workflow_async": lambda: DBOS.resume_workflow("id"),
    }

    @DBOS.workflow()
    async def blocking() -> None:
        for name, call in calls.items():
            with pytest.raises(error.DBOSContextError, match=rf"await {name}\(") as raised:
                call()
            assert "blocking" in str(raised.value)
            refused.append(name)

    handle = await DBOS.start_workflow_async(blocking)
    await handle.get_result()
    assert refused == list(calls)
    assert app.recorded(handle.workflow_id) == {}
    assert app.counts()["workflows"] == 1

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
        "DBOS.restart_workflow_async": lambda: DBOS.restart_workflow("id"),
        "DBOS.fork_workflow_async": lambda: DBOS.fork_workflow("id", 1),
        "DBOS.delete_workflow_async": lambda: DBOS.delete_workflow("id"),
        "DBOS.list_queued_workflows_async": lambda: DBOS.list_queued_workflows(),
        "DBOS.list_workflow_steps_async": lambda: DBOS.list_workflow_steps("id"),
        "DBOS.get_all_events_async": lambda: DBOS.get_all_events("id"),
        "DBOS.cancel_workflows_async": lambda: DBOS.cancel_workflows(["id"]),
        "DBOS.resume_workflows_async": lambda: DBOS.resume_workflows(["id"]),
        "DBOS.write_stream_async": lambda: DBOS.write_stream("key", 1),
        "DBOS.close_stream_async": lambda: DBOS.close_stream("key"),
        "DBOS.read_stream_async": lambda: list(DBOS.read_stream("id", "key")),
        "DBOS.patch_async": lambda: DBOS.patch("name"),
        "DBOS.deprecate_patch_async": lambda: DBOS.deprecate_patch("name"),
        "DBOS.recover_pending_workflows_async": lambda: DBOS.recover_pending_workflows(["here"]),
    }
    # None is forgotten: each operation that has a form to await is among them.
    assert set(calls) == {f"DBOS.{name}" for name in dir(DBOS) if name.endswith("_async")}

    @DBOS.workflow()
    async def blocking() -> None:
        for name, call in calls.items():
            with pytest.raises(error.DBOSContextError, match=rf"{name}\(") as raised:
                call()
            assert "blocking" in str(raised.value)
            refused.append(name)

    handle = await DBOS.start_workflow_async(blocking)
    await handle.get_result()
    assert refused == list(calls)
    assert app.recorded(handle.workflow_id) == {}
    assert app.counts()["workflows"] == 1

"""Management calls, sends and waits in a transaction raise DBOSContextError: it may be rolled back or held open."""

from collections.abc import Callable

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App

FORMS = ("sync",)  # a transaction is synchronous in either form


def check(app: App) -> None:
    @DBOS.workflow()
    def other() -> int:
        return 5

    with SetWorkflowID("other"):
        other()
    handle = DBOS.retrieve_workflow("other")
    calls: list[Callable[[], object]] = [
        lambda: DBOS.cancel_workflow("other"),
        lambda: DBOS.get_workflow_status("other"),
        lambda: DBOS.list_workflows(),
        lambda: DBOS.resume_workflow("other"),
        lambda: DBOS.retrieve_workflow("other"),
        lambda: DBOS.retrieve_workflow("unknown", existing_workflow=False),
        lambda: handle.get_result(),
        lambda: handle.get_status(),
        lambda: DBOS.send("other", 1),
        lambda: DBOS.get_event("other", "key"),
        lambda: DBOS.recv(),
        lambda: DBOS.set_event("key", 1),
        lambda: DBOS.sleep(1),
        lambda: DBOS.start_workflow(other),
        lambda: other(),
    ]

    @DBOS.transaction()
    def manage() -> int:
        for call in calls:
            with pytest.raises(error.DBOSContextError, match="transaction"):
                call()
        return len(calls)

    @DBOS.workflow()
    def managing() -> int:
        return manage()

    before = app.counts()
    assert managing() == len(calls)
    assert {**app.counts(), "workflows": 1, "steps": 0} == before

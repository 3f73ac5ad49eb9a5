"""Destroying an executor under waiting workflows logs no warning, and leaves them PENDING and recoverable.

Older behaviour: each of them logged an error with a stack trace, or ended with one for good.
"""

import time

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

FORMS = ("sync",)  # workflows that wait on threads of their own
EACH = 15


def check(app: App) -> None:
    @DBOS.workflow()
    def receiving() -> str | None:
        return DBOS.recv("news", timeout_seconds=3600)

    @DBOS.workflow()
    def sleeping() -> None:
        DBOS.sleep(3600)

    @DBOS.workflow()
    def watching() -> str | None:
        return DBOS.get_event("sleeping-0", "never", timeout_seconds=3600)

    @DBOS.workflow()
    def awaiting() -> None:
        DBOS.retrieve_workflow("sleeping-0").get_result()

    kinds = {"sleeping": sleeping, "receiving": receiving, "watching": watching, "awaiting": awaiting}
    for name, workflow in kinds.items():
        for number in range(EACH):
            with SetWorkflowID(f"{name}-{number}"):
                DBOS.start_workflow(workflow)
    count = EACH * len(kinds)
    # The deadline of each wait is recorded, and of those that await a result that they retrieved its handle.
    app.until(lambda: app.counts()["steps"] == count)
    began = time.monotonic()
    DBOS.destroy()
    assert time.monotonic() - began < 10
    assert {row["status"] for row in app.rows("workflows")} == {"PENDING"}
    assert [line for line in app.log if not line.startswith(("DEBUG", "INFO"))] == []

    app.launch()
    app.until(lambda: DBOS.health().running_workflows == count)
    assert {row["recovery_attempts"] for row in app.rows("workflows")} == {1}
    for number in range(EACH):
        DBOS.send(f"receiving-{number}", "hello", "news")
    for number in range(EACH):
        assert DBOS.retrieve_workflow(f"receiving-{number}").get_result(20) == "hello"
    DBOS.cancel_workflows([f"{name}-{number}" for name in kinds for number in range(EACH)])
    app.until(lambda: DBOS.health().running_workflows == 0)

"""A step that calls sys.exit() stops the run and not the workflow, which is begun anew; each time counts as an attempt.

Older behaviour: the workflow stayed PENDING until the next launch, and a thread or an event loop ended with it.
"""

import sys

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    exits: list[str] = []
    recorded: list[str] = []

    @DBOS.step()
    async def first() -> None:
        recorded.append(DBOS.workflow_id)

    @DBOS.step()
    async def leave(*, is_always: bool) -> str:
        if is_always or DBOS.workflow_id not in exits:
            exits.append(DBOS.workflow_id)
            sys.exit(3)
        return "stayed"

    @DBOS.workflow(max_recovery_attempts=2)
    async def flow(*, is_always: bool) -> str:
        await first()
        return await leave(is_always=is_always)

    with SetWorkflowID("once"):
        once = await DBOS.start_workflow_async(flow, is_always=False)
    with SetWorkflowID("always"):
        always = await DBOS.start_workflow_async(flow, is_always=True)
    assert await once.get_result(PATIENCE_SECONDS) == "stayed"
    assert app.row("once")["recovery_attempts"] == 1
    assert app.recorded("once").keys() == {1, 2}

    with pytest.raises(error.DBOSAwaitedWorkflowRetriesExceededError):
        await always.get_result(PATIENCE_SECONDS)
    assert app.row("always")["status"] == "RETRIES_EXCEEDED"
    assert exits.count("always") == 3
    # What was recorded before is not done again.
    assert sorted(recorded) == ["always", "once"]
    assert any("was stopped by SystemExit(3)" in line for line in app.log)

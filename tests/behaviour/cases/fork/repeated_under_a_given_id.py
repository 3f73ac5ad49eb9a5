"""A fork or restart that is repeated under its given id gives the copy that exists; what is no such copy is a conflict.

Older behaviour: the second call was a conflict, although whether the first took effect is not known after an outage.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from dbos_typed import DBOS, DBOSClient, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    calls: list[str] = []

    @DBOS.step()
    async def step(name: str) -> str:
        calls.append(name)
        return f"{name} {len(calls)}"

    @DBOS.workflow()
    async def work(suffix: str) -> list[str]:
        return [await step(name + suffix) for name in "abc"]

    @DBOS.workflow()
    async def other(suffix: str) -> str:
        return suffix

    async def twice(workflow_id: str, copy: Callable[[], Awaitable[Any]]) -> list[str]:
        with SetWorkflowID(workflow_id):
            first = await copy()
        result: list[str] = await first.get_result(timeout_seconds=20)
        before = len(calls)
        with SetWorkflowID(workflow_id):
            again = await copy()
        assert again.workflow_id == workflow_id
        assert await again.get_result(timeout_seconds=20) == result
        assert len(calls) == before
        return result

    with SetWorkflowID("w"):
        assert await work("!") == ["a! 1", "b! 2", "c! 3"]
    with SetWorkflowID("other"):
        assert await other("!") == "!"
    with DBOSClient(app.database_url) as client:
        assert await twice("forked", lambda: DBOS.fork_workflow_async("w", 3)) == ["a! 1", "b! 2", "c! 4"]
        assert await twice("restarted", lambda: DBOS.restart_workflow_async("w")) == ["a! 5", "b! 6", "c! 7"]
        assert await twice("by client", lambda: client.fork_workflow_async("w", 2)) == ["a! 1", "b! 8", "c! 9"]
        assert await twice("new by client", lambda: client.restart_workflow_async("w")) == ["a! 10", "b! 11", "c! 12"]
        before = app.counts()
        for workflow_id, source, start_step in (
            ("forked", "w", 2),
            ("forked", "w", 4),
            ("forked", "w", 1),
            ("restarted", "w", 2),
            ("restarted", "other", 1),
            ("other", "w", 1),
            ("w", "w", 1),
            ("w", "w", 99),
            ("forked", "by client", 3),
        ):
            with SetWorkflowID(workflow_id), pytest.raises(error.DBOSConflictingWorkflowError, match="no such copy"):
                await DBOS.fork_workflow_async(source, start_step)
            with SetWorkflowID(workflow_id), pytest.raises(error.DBOSConflictingWorkflowError, match="no such copy"):
                await client.fork_workflow_async(source, start_step)
        with SetWorkflowID("forked"), pytest.raises(error.DBOSConflictingWorkflowError, match="no such copy"):
            await DBOS.fork_workflow_async("w", 3, application_version="9")
        assert app.counts() == before

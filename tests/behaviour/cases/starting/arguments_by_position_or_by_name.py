"""An argument given by position, by name or left to its default is the same input of a workflow that exists."""

import pytest

from dbos_typed import DBOS, Queue, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("work")

    @DBOS.workflow()
    async def order(item: str, count: int = 1, *, fast: bool = False) -> str:
        return f"{item} {count} {fast}"

    with SetWorkflowID("w"):
        assert await order("tea") == "tea 1 False"
    for args, kwargs in (((), {"item": "tea"}), (("tea", 1), {}), ((), {"fast": False, "count": 1, "item": "tea"})):
        with SetWorkflowID("w"):
            assert await order(*args, **kwargs) == "tea 1 False"
        with SetWorkflowID("w"):
            handle = await DBOS.start_workflow_async(order, *args, **kwargs)
        assert await handle.get_result(timeout_seconds=20) == "tea 1 False"
        with SetWorkflowID("w"):
            assert (await queue.enqueue_async(order, *args, **kwargs)).workflow_id == "w"
    for args, kwargs in (((), {"item": "milk"}), (("tea", 2), {}), (("tea",), {"fast": True})):
        with SetWorkflowID("w"), pytest.raises(error.DBOSConflictingWorkflowError, match="other inputs"):
            await order(*args, **kwargs)
    assert app.counts()["workflows"] == 1

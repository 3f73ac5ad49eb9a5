"""Forking from a step below 1 runs the whole workflow again, like forking from the first."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    calls: list[str] = []

    @DBOS.step()
    def work() -> str:
        calls.append(DBOS.workflow_id)
        return DBOS.workflow_id

    @DBOS.workflow()
    async def whole() -> str:
        return work()

    with SetWorkflowID("w"):
        await whole()
    for number in (1, 0, -1):
        with SetWorkflowID(f"f{number}"):
            handle = await DBOS.fork_workflow_async("w", number)
        assert await handle.get_result(timeout_seconds=20) == f"f{number}"
    assert calls == ["w", "f1", "f0", "f-1"]
    assert app.counts()["steps"] == 4

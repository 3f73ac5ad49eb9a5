"""A fork has the records below its start step and makes the later calls anew; the forked workflow is left as it is."""

from dbos_typed import DBOS, DBOSContextSetAuth, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    calls: list[str] = []

    @DBOS.step(name="work")
    async def work(name: str) -> str:
        calls.append(name)
        return f"{name} {len(calls)}"

    @DBOS.workflow()
    async def three(suffix: str) -> list[str]:
        return [await work(name + suffix) for name in "abc"]

    with SetWorkflowID("first"), DBOSContextSetAuth("ann", ["user"]):
        assert await three("!") == ["a! 1", "b! 2", "c! 3"]
    before = app.row("first")
    with SetWorkflowID("second"):
        forked = await DBOS.fork_workflow_async("first", 3)
    assert forked.workflow_id == "second"
    assert await forked.get_result(timeout_seconds=20) == ["a! 1", "b! 2", "c! 4"]
    assert calls == ["a!", "b!", "c!", "c!"]
    row = app.row("second")
    assert (row["inputs"], row["name"], row["app_version"]) == (before["inputs"], before["name"], "1")
    status = await DBOS.get_workflow_status_async("second")
    assert status is not None
    assert status.authenticated_user == "ann"
    assert app.row("first") == before

    from_the_start = await DBOS.fork_workflow_async("first", 1)
    assert await from_the_start.get_result(timeout_seconds=20) == ["a! 5", "b! 6", "c! 7"]
    beyond_the_end = await DBOS.fork_workflow_async("first", 99)
    assert await beyond_the_end.get_result(timeout_seconds=20) == ["a! 1", "b! 2", "c! 3"]

"""A workflow that has taken the id of another's next child is never taken for that child: the start is refused."""

from dbos_typed import DBOS, Queue, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("queue")
    runs: list[str | None] = []

    @DBOS.workflow()
    async def child() -> str:
        runs.append(DBOS.workflow_id)
        return f"a secret of {DBOS.workflow_id}"

    @DBOS.workflow()
    async def parent(way: str) -> str:
        try:
            if way == "called":
                return await child()
            if way == "started":
                return await (await DBOS.start_workflow_async(child)).get_result()
            return await (await queue.enqueue_async(child)).get_result()
        except error.DBOSConflictingWorkflowError as refused:
            return str(refused)

    for way in ("called", "started", "enqueued"):
        with SetWorkflowID(f"{way}-1"):
            await child()
        with SetWorkflowID(way):
            told = await parent(way)
        assert f"'{way}-1' is taken" in told, told
        assert f"the next child of workflow '{way}'" in told, told
        assert "secret" not in told
        # A recovery is told the same.
        assert await app.rerun_async(way, keep=1) == told
    assert runs == ["called-1", "started-1", "enqueued-1"]

    # The place of a child that was started is its own, whoever asks for it later.
    with SetWorkflowID("free"):
        assert await parent("called") == "a secret of free-1"
    assert await app.rerun_async("free", keep=1) == "a secret of free-1"
    assert runs[3:] == ["free-1"]

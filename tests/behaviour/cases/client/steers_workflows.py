"""A client cancels, resumes, restarts, forks, lists and retrieves workflows, which executors then run."""

from dbos_typed import DBOS, DBOSClient, Queue, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    Queue("work")
    calls = []

    @DBOS.step(name="one")
    def one(number: int) -> int:
        calls.append("one")
        return number

    @DBOS.step(name="two")
    def two(number: int) -> int:
        calls.append("two")
        return number * 2

    @DBOS.workflow(name="sum")
    async def sum_up(number: int) -> int:
        return one(number) + two(number)

    @DBOS.workflow(name="wait")
    async def wait() -> str:
        return await DBOS.recv_async(timeout_seconds=60)

    with DBOSClient(app.database_url) as client:
        handle = await client.enqueue_async({"workflow_name": "sum", "queue_name": "work"}, 5)
        assert await handle.get_result() == 15
        steps = await client.list_workflow_steps_async(handle.workflow_id)
        assert [(step["function_name"], step["output"]) for step in steps] == [("one", 5), ("two", 10)]
        forked = await client.fork_workflow_async(handle.workflow_id, 2)
        assert await forked.get_result() == 15
        assert calls == ["one", "two", "two"]
        with SetWorkflowID("again"):
            restarted = await client.restart_workflow_async(handle.workflow_id)
        assert restarted.workflow_id == "again"
        assert await restarted.get_result() == 15
        assert len(await client.list_workflows_async(name="sum", status="SUCCESS")) == 3

        with SetWorkflowID("waiting"):
            await DBOS.start_workflow_async(wait)
        await client.cancel_workflow_async("waiting")
        waiting = await client.retrieve_workflow_async("waiting")
        assert (await waiting.get_status()).status == "CANCELLED"
        await client.send_async("waiting", "hello")
        resumed = await client.resume_workflow_async("waiting")
        assert await resumed.get_result() == "hello"
        assert await client.list_queued_workflows_async() == []
        assert await client.get_workflow_status_async("unknown") is None

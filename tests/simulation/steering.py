"""Operations that look at workflows and steer them. Written with coroutines; see tests.behaviour.forms."""

from typing import Any

from dbos_typed import DBOS, Queue, SetWorkflowID
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20


class FailedError(Exception):
    """How a workflow ends."""


def define(bench: Bench) -> list[Operation]:  # noqa: C901, PLR0915  # many small functions
    """Register what the operations need; the operations."""

    @DBOS.step(name="count")
    async def count() -> int:
        bench.note("count")
        return 1

    @DBOS.workflow(name="ended")
    async def ended() -> int:
        return await count() + await count()

    @DBOS.workflow(name="waiting")
    async def waiting() -> Any:
        first = await count()
        return first, await DBOS.recv_async("go", timeout_seconds=WAIT_SECONDS)

    @DBOS.workflow(name="failed")
    async def failed() -> None:
        raise FailedError(await count())

    queue = Queue("steered", polling_interval_sec=30)

    async def an_ended(me: str) -> str:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(ended)
        await handle.get_result(WAIT_SECONDS)
        return handle.workflow_id

    async def a_waiting(me: str) -> str:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(waiting)
        await bench.until_waiting_async(handle.workflow_id)
        return handle.workflow_id

    async def get_status(me: str) -> Any:
        other = await an_ended(me)
        with bench.window():
            status = await DBOS.get_workflow_status_async(other)
        assert status is not None
        return status.status, status.name, status.output

    async def list_workflows(me: str) -> Any:
        await an_ended(me)
        with bench.window():
            found = await DBOS.list_workflows_async(workflow_id_prefix=f"{me}-")
        return [(each.workflow_id, each.status) for each in found]

    async def list_steps(me: str) -> Any:
        other = await an_ended(me)
        with bench.window():
            found = await DBOS.list_workflow_steps_async(other)
        return [(each["function_id"], each["function_name"], each["output"]) for each in found]

    async def retrieve(me: str) -> Any:
        other = await an_ended(me)
        with bench.window():
            handle = await DBOS.retrieve_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def get_result_of_failed(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-other"):
                handle = await DBOS.start_workflow_async(failed)
            try:
                await handle.get_result(WAIT_SECONDS)
            except FailedError as error:
                return str(error)

    async def get_result_in_time(me: str) -> Any:
        other = await a_waiting(me)
        with bench.window():
            handle = await DBOS.retrieve_workflow_async(other)
            status = await handle.get_status()
            try:
                late = await handle.get_result(0.02)
            except TimeoutError:
                late = "not in time"
        await DBOS.send_async(other, "now", "go", idempotency_key=f"{me}-go")
        return status.name, late, await handle.get_result(WAIT_SECONDS)

    async def list_queued_workflows(me: str) -> Any:
        with SetWorkflowID(f"{me}-other"):
            handle = await queue.enqueue_async(waiting)
        await bench.until_waiting_async(f"{me}-other")
        with bench.window():
            found = await DBOS.list_queued_workflows_async(workflow_id_prefix=f"{me}-")
        await DBOS.send_async(handle.workflow_id, "now", "go", idempotency_key=f"{me}-go")
        return [(each.workflow_id, each.status) for each in found], await handle.get_result(WAIT_SECONDS)

    async def cancel_several(me: str) -> Any:
        ids = [await a_waiting(me), await a_waiting(f"{me}-more"), f"{me}-nobody"]
        with bench.window():
            await DBOS.cancel_workflows_async(ids)

    async def resume_several(me: str) -> Any:
        ids = [await a_waiting(me), await a_waiting(f"{me}-more")]
        await DBOS.cancel_workflows_async(ids)
        for each in ids:
            await DBOS.send_async(each, "now", "go", idempotency_key=f"{each}-go")
        with bench.window():
            handles = await DBOS.resume_workflows_async(ids)
            return [await handle.get_result(WAIT_SECONDS) for handle in handles]

    async def cancel(me: str) -> Any:
        other = await a_waiting(me)
        with bench.window():
            await DBOS.cancel_workflow_async(other)

    async def resume(me: str) -> Any:
        other = await a_waiting(me)
        await DBOS.cancel_workflow_async(other)
        await DBOS.send_async(other, "now", "go")
        with bench.window():
            handle = await DBOS.resume_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def fork(me: str) -> Any:
        other = await an_ended(me)
        with bench.window():
            with SetWorkflowID(f"{me}-copy"):
                handle = await DBOS.fork_workflow_async(other, 2)
            return await handle.get_result(WAIT_SECONDS)

    async def restart(me: str) -> Any:
        other = await an_ended(me)
        with bench.window():
            with SetWorkflowID(f"{me}-copy"):
                handle = await DBOS.restart_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def delete(me: str) -> Any:
        other = await an_ended(me)
        with bench.window():
            await DBOS.delete_workflow_async(other)

    async def delete_waiting(me: str) -> Any:
        other = await a_waiting(me)
        with bench.window():
            await DBOS.delete_workflow_async(other)

    return [
        Operation(name="get_workflow_status", body=get_status),
        Operation(name="list_workflows", body=list_workflows),
        Operation(name="list_workflow_steps", body=list_steps),
        Operation(name="retrieve_workflow", body=retrieve),
        Operation(name="get_result_of_failed", body=get_result_of_failed),
        Operation(name="get_result_in_time", body=get_result_in_time),
        Operation(name="list_queued_workflows", body=list_queued_workflows),
        Operation(name="cancel", body=cancel),
        Operation(name="cancel_several", body=cancel_several),
        Operation(name="resume", body=resume, is_repeatable=False),
        Operation(name="resume_several", body=resume_several, is_repeatable=False),
        Operation(name="fork", body=fork, is_repeatable=False),
        Operation(name="restart", body=restart, is_repeatable=False),
        Operation(name="delete", body=delete, is_repeatable=False),
        Operation(name="delete_waiting", body=delete_waiting, is_repeatable=False),
    ]

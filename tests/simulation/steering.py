"""Operations that look at workflows and steer them. Written with coroutines; see tests.behaviour.forms."""

from typing import Any

from dbos_typed import DBOS, SetWorkflowID
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20


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
        Operation(name="cancel", body=cancel),
        Operation(name="resume", body=resume),
        Operation(name="fork", body=fork),
        Operation(name="restart", body=restart),
        Operation(name="delete", body=delete),
        Operation(name="delete_waiting", body=delete_waiting),
    ]

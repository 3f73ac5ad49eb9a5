"""Operations of the client, which has the database and not the code. With coroutines; see tests.behaviour.forms."""

from typing import Any

from dbos_typed import DBOS, Queue, SetWorkflowID
from dbos_typed.error import DBOSNonExistentWorkflowError, DBOSQueueDeduplicatedError
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20


def define(bench: Bench) -> list[Operation]:  # noqa: C901, PLR0915  # many small functions
    """Register what the operations need; the operations."""
    Queue("counter", priority_enabled=True, polling_interval_sec=30)

    @DBOS.step(name="served_step")
    async def served_step(number: int) -> int:
        bench.note("served_step")
        return number

    @DBOS.workflow(name="served")
    async def served(number: int) -> int:
        await DBOS.set_event_async("state", number)
        await DBOS.write_stream_async("values", number)
        await DBOS.close_stream_async("values")
        return await served_step(number)

    @DBOS.workflow(name="asked")
    async def asked() -> Any:
        first = await served_step(1)
        return first, await DBOS.recv_async("go", timeout_seconds=WAIT_SECONDS)

    def options(workflow_id: str, name: str = "served", **more: Any) -> Any:
        return {"workflow_name": name, "queue_name": "counter", "workflow_id": workflow_id, **more}

    async def an_ended(me: str) -> str:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(served, 4)
        await handle.get_result(WAIT_SECONDS)
        return handle.workflow_id

    async def a_waiting(me: str) -> str:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(asked)
        await bench.until_waiting_async(handle.workflow_id)
        return handle.workflow_id

    async def enqueue(me: str) -> Any:
        client = bench.client
        with bench.window():
            handle = await client.enqueue_async(options(f"{me}-one"), 1)
            return await handle.get_result(WAIT_SECONDS)

    async def enqueue_with_options(me: str) -> Any:
        client = bench.client
        given = options(f"{me}-one", "asked", priority=2, delay_seconds=0.01, deduplication_id=me, workflow_timeout=30)
        with bench.window():
            handle = await client.enqueue_async(given)
            try:
                await client.enqueue_async(options(f"{me}-two", "asked", deduplication_id=me))
            except DBOSQueueDeduplicatedError as error:
                return error.workflow_id == f"{me}-two"
            finally:
                await client.send_async(handle.workflow_id, "now", "go", idempotency_key=f"{me}-go")

    async def send(me: str) -> Any:
        other, client = await a_waiting(me), bench.client
        with bench.window():
            await client.send_async(other, "now", "go", idempotency_key=f"{me}-key")
            await client.send_async(other, "now", "go", idempotency_key=f"{me}-key")
            handle = await client.retrieve_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def send_to_nobody(me: str) -> Any:
        client = bench.client
        with bench.window():
            try:
                await client.send_async(f"{me}-nobody", "hello")
            except DBOSNonExistentWorkflowError as error:
                return error.workflow_id

    async def get_event(me: str) -> Any:
        client = bench.client
        with bench.window():
            handle = await client.enqueue_async(options(f"{me}-one"), 3)
            event = await client.get_event_async(handle.workflow_id, "state", timeout_seconds=WAIT_SECONDS)
            return event, await handle.get_result(WAIT_SECONDS)

    async def look(me: str) -> Any:
        other, client = await an_ended(me), bench.client
        with bench.window():
            status = await client.get_workflow_status_async(other)
            steps = await client.list_workflow_steps_async(other)
            events = await client.get_all_events_async(other)
            found = await client.list_workflows_async(workflow_id_prefix=f"{me}-")
            queued = await client.list_queued_workflows_async(workflow_id_prefix=f"{me}-")
        names = [each["function_name"] for each in steps]
        return status and status.output, names, events, [each.workflow_id for each in found], queued

    async def retrieve(me: str) -> Any:
        other, client = await an_ended(me), bench.client
        with bench.window():
            handle = await client.retrieve_workflow_async(other, existing_workflow=False)
            status = await handle.get_status()
            return status.status, await handle.get_result(WAIT_SECONDS)

    async def read_stream(me: str) -> Any:
        other, client = await an_ended(me), bench.client
        with bench.window():
            return [value async for value in client.read_stream_async(other, "values")]

    async def cancel(me: str) -> Any:
        other, client = await a_waiting(me), bench.client
        with bench.window():
            await client.cancel_workflow_async(other)

    async def cancel_several(me: str) -> Any:
        client = bench.client
        ids = [await a_waiting(me), await a_waiting(f"{me}-more"), f"{me}-nobody"]
        with bench.window():
            await client.cancel_workflows_async(ids)

    async def resume(me: str) -> Any:
        other, client = await a_waiting(me), bench.client
        await DBOS.cancel_workflow_async(other)
        await client.send_async(other, "now", "go", idempotency_key=f"{me}-go")
        with bench.window():
            handle = await client.resume_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def restart(me: str) -> Any:
        other, client = await an_ended(me), bench.client
        with bench.window():
            with SetWorkflowID(f"{me}-copy"):
                handle = await client.restart_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def fork(me: str) -> Any:
        other, client = await an_ended(me), bench.client
        with bench.window():
            with SetWorkflowID(f"{me}-copy"):
                handle = await client.fork_workflow_async(other, 3)
            return await handle.get_result(WAIT_SECONDS)

    async def delete(me: str) -> Any:
        other, client = await an_ended(me), bench.client
        with bench.window():
            await client.delete_workflow_async(other)
            return await client.get_workflow_status_async(other)

    bodies = {
        "enqueue": enqueue,
        "send": send,
        "send_to_nobody": send_to_nobody,
        "get_event": get_event,
        "look": look,
        "retrieve": retrieve,
        "read_stream": read_stream,
        "cancel": cancel,
        "cancel_several": cancel_several,
    }
    once = {
        "enqueue_with_options": enqueue_with_options,
        "resume": resume,
        "restart": restart,
        "fork": fork,
        "delete": delete,
    }
    return [
        *(Operation(name=f"client_{name}", body=body, is_inside=False) for name, body in bodies.items()),
        *(
            Operation(name=f"client_{name}", body=body, is_inside=False, is_repeatable=False)
            for name, body in once.items()
        ),
    ]

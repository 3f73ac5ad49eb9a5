"""Operations by which workflows talk: messages, events, streams. With coroutines; see tests.behaviour.forms."""

from typing import Any

from dbos_typed import DBOS, SetWorkflowID
from dbos_typed.error import DBOSNonExistentWorkflowError
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20


def define(bench: Bench) -> list[Operation]:  # noqa: C901, PLR0915  # many small functions
    """Register what the operations need; the operations."""

    @DBOS.workflow(name="publisher")
    async def publisher() -> str:
        await DBOS.set_event_async("state", "done")
        await DBOS.write_stream_async("values", 1)
        await DBOS.write_stream_async("values", 2)
        await DBOS.close_stream_async("values")
        return "published"

    @DBOS.workflow(name="receiver")
    async def receiver() -> Any:
        return await DBOS.recv_async("topic", timeout_seconds=WAIT_SECONDS)

    @DBOS.step(name="write_in_step")
    async def write_in_step() -> None:
        await DBOS.write_stream_async("steps", "from a step")

    @DBOS.step(name="read_in_step")
    async def read_in_step(workflow_id: str) -> Any:
        return [value async for value in DBOS.read_stream_async(workflow_id, "values")]

    async def published(me: str) -> str:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(publisher)
        await handle.get_result(WAIT_SECONDS)
        return handle.workflow_id

    async def send(me: str) -> Any:
        other = await published(me)
        with bench.window():
            await DBOS.send_async(other, "hello", "topic")

    async def send_to_nobody(me: str) -> Any:
        with bench.window():
            try:
                await DBOS.send_async(f"{me}-nobody", "hello")
            except DBOSNonExistentWorkflowError as error:
                return error.workflow_id

    async def send_to_waiting(me: str) -> Any:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(receiver)
        await bench.until_waiting_async(handle.workflow_id)
        with bench.window():
            await DBOS.send_async(handle.workflow_id, "hello", "topic")
            return await handle.get_result(WAIT_SECONDS)

    async def send_once(me: str) -> Any:
        other = await published(me)
        with bench.window():
            for _ in range(2):
                await DBOS.send_async(other, "hello", "topic", idempotency_key=f"{me}-key")

    async def recv(me: str) -> Any:
        await DBOS.send_async(me, "hello", "topic")
        with bench.window():
            return await DBOS.recv_async("topic", timeout_seconds=WAIT_SECONDS)

    async def recv_nothing(me: str) -> Any:
        with bench.window():
            return await DBOS.recv_async("topic", timeout_seconds=0.002)

    async def set_event(me: str) -> Any:
        with bench.window():
            await DBOS.set_event_async("state", 1)
            await DBOS.set_event_async("state", 2)

    async def get_event(me: str) -> Any:
        other = await published(me)
        with bench.window():
            return await DBOS.get_event_async(other, "state", timeout_seconds=WAIT_SECONDS)

    async def await_event(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-other"):
                handle = await DBOS.start_workflow_async(publisher)
            event = await DBOS.get_event_async(f"{me}-other", "state", timeout_seconds=WAIT_SECONDS)
            return event, await handle.get_result(WAIT_SECONDS)

    async def get_no_event(me: str) -> Any:
        with bench.window():
            return await DBOS.get_event_async(me, "none", timeout_seconds=0)

    async def get_all_events(me: str) -> Any:
        other = await published(me)
        with bench.window():
            return await DBOS.get_all_events_async(other)

    async def write_stream(me: str) -> Any:
        with bench.window():
            await DBOS.write_stream_async("values", 1)
            await DBOS.close_stream_async("values")

    async def write_stream_in_step(me: str) -> Any:
        with bench.window():
            await write_in_step()

    async def read_stream(me: str) -> Any:
        other = await published(me)
        with bench.window():
            return [value async for value in DBOS.read_stream_async(other, "values")]

    async def follow_stream(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-other"):
                handle = await DBOS.start_workflow_async(publisher)
            values = [value async for value in DBOS.read_stream_async(f"{me}-other", "values")]
            return values, await handle.get_result(WAIT_SECONDS)

    async def read_stream_in_step(me: str) -> Any:
        other = await published(me)
        with bench.window():
            return await read_in_step(other)

    return [
        Operation(name="send", body=send, is_repeatable=False),
        Operation(name="send_once", body=send_once),
        Operation(name="send_to_nobody", body=send_to_nobody),
        Operation(name="send_to_waiting", body=send_to_waiting, is_repeatable=False),
        Operation(name="recv", body=recv, is_outside=False),
        Operation(name="recv_nothing", body=recv_nothing, is_outside=False),
        Operation(name="set_event", body=set_event, is_outside=False),
        Operation(name="get_event", body=get_event),
        Operation(name="await_event", body=await_event, is_inside=False),
        Operation(name="get_no_event", body=get_no_event),
        Operation(name="get_all_events", body=get_all_events),
        Operation(name="write_stream", body=write_stream, is_outside=False),
        Operation(name="write_stream_in_step", body=write_stream_in_step, is_outside=False, writes_in_step=True),
        Operation(name="read_stream", body=read_stream, is_inside=False),
        Operation(name="follow_stream", body=follow_stream, is_inside=False),
        Operation(name="read_stream_in_step", body=read_stream_in_step, is_outside=False),
    ]

"""Operations that call functions: steps and workflows. With coroutines; see tests.behaviour.forms."""

from typing import Any

from dbos_typed import DBOS, Queue, SetWorkflowID, SetWorkflowTimeout
from dbos_typed.error import DBOSAwaitedWorkflowCancelledError
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20


class FlakeError(Exception):
    """A step that fails."""


def define(bench: Bench) -> list[Operation]:  # noqa: C901, PLR0915  # many small functions
    """Register what the operations need; the operations."""

    @DBOS.step(name="plain")
    async def plain(number: int) -> int:
        bench.note("plain")
        return number + 1

    @DBOS.step(name="flaky", retries_allowed=True, interval_seconds=0.001)
    async def flaky() -> int:
        bench.note("flaky")
        if DBOS.step_status.current_attempt == 0:
            raise FlakeError("the first attempt")
        return 7

    @DBOS.step(name="failing")
    async def failing() -> None:
        bench.note("failing")
        raise FlakeError("always")

    @DBOS.workflow(name="child")
    async def child(number: int) -> int:
        return await plain(number) + 1

    @DBOS.workflow(name="failing_child")
    async def failing_child() -> None:
        raise FlakeError("the child failed")

    @DBOS.workflow(name="endless")
    async def endless() -> None:
        await DBOS.recv_async("never", timeout_seconds=WAIT_SECONDS)

    queue = Queue("line", concurrency=2, polling_interval_sec=30)

    async def step(me: str) -> Any:
        with bench.window():
            return await plain(1)

    async def retried_step(me: str) -> Any:
        with bench.window():
            return await flaky()

    async def failing_step(me: str) -> Any:
        with bench.window():
            try:
                await failing()
            except FlakeError as error:
                return str(error)

    async def called_child(me: str) -> Any:
        with bench.window(), SetWorkflowID(f"{me}-child"):
            return await child(1)

    async def failing_called_child(me: str) -> Any:
        with bench.window(), SetWorkflowID(f"{me}-child"):
            try:
                await failing_child()
            except FlakeError as error:
                return str(error)

    async def started_child(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-child"):
                handle = await DBOS.start_workflow_async(child, 1)
            return await handle.get_result(WAIT_SECONDS)

    async def enqueued_child(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-child"):
                handle = await queue.enqueue_async(child, 1)
            return await handle.get_result(WAIT_SECONDS)

    async def child_in_time(me: str) -> Any:
        with bench.window(), SetWorkflowID(f"{me}-child"), SetWorkflowTimeout(0.03):
            try:
                await endless()
            except DBOSAwaitedWorkflowCancelledError:
                return "cancelled"

    async def sleep(me: str) -> Any:
        with bench.window():
            await DBOS.sleep_async(0.002)

    async def patch(me: str) -> Any:
        with bench.window():
            return await DBOS.patch_async("new")

    async def deprecate_patch(me: str) -> Any:
        with bench.window():
            return await DBOS.deprecate_patch_async("old")

    return [
        Operation(name="step", body=step),
        Operation(name="retried_step", body=retried_step),
        Operation(name="failing_step", body=failing_step),
        Operation(name="called_child", body=called_child),
        Operation(name="failing_called_child", body=failing_called_child),
        Operation(name="started_child", body=started_child),
        Operation(name="enqueued_child", body=enqueued_child),
        Operation(name="child_in_time", body=child_in_time),
        Operation(name="sleep", body=sleep, is_outside=False),
        Operation(name="patch", body=patch, is_outside=False),
        Operation(name="deprecate_patch", body=deprecate_patch, is_outside=False),
    ]

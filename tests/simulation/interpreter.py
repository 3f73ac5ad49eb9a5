"""Workflows that do what a program says. Written with coroutines; see tests.behaviour.forms."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from dbos_typed import DBOS, Queue, SetWorkflowID, SetWorkflowTimeout, Workflow
from dbos_typed.error import DBOSAwaitedWorkflowCancelledError, DBOSMaxStepRetriesExceeded
from tests.simulation.operation import Bench

INSERT = "INSERT INTO payments (workflow_id, amount) VALUES (:id, :amount)"
WAIT_SECONDS = 60


class RefusedError(Exception):
    """What steps, transactions and children raise, and their workflow catches."""


def define(bench: Bench) -> Callable[..., Any]:  # noqa: C901, PLR0915  # many small functions
    """Register the workflows; what runs a program under a workflow id, from outside."""

    @DBOS.step(name="number")
    async def number(given: int) -> int:
        bench.note("number")
        return given + 1

    @DBOS.step(name="flake", retries_allowed=True, interval_seconds=0.001, max_attempts=2)
    async def flake(given: int) -> int:
        bench.note("flake")
        if given % 3 == 0 or DBOS.step_status.current_attempt == 0:
            raise RefusedError(f"attempt with {given}")
        return given

    @DBOS.step(name="fail")
    async def fail(given: int) -> None:
        bench.note("fail")
        raise RefusedError(f"{given} is refused")

    @DBOS.step(name="write")
    async def write(given: int) -> None:
        await DBOS.write_stream_async("written in steps", given)

    @DBOS.transaction(name="deposit")
    def deposit(amount: int) -> int:
        DBOS.sql_session.execute(text(INSERT), {"id": DBOS.workflow_id, "amount": amount})
        return amount

    @DBOS.transaction(name="withdraw")
    def withdraw(amount: int) -> None:
        DBOS.sql_session.execute(text(INSERT), {"id": DBOS.workflow_id, "amount": -amount})
        raise RefusedError(f"{amount} is not there")

    @DBOS.workflow(name="endless_program")
    async def endless() -> None:
        await DBOS.recv_async("never", timeout_seconds=WAIT_SECONDS)

    queue = Queue("programs", concurrency=2, worker_concurrency=2, polling_interval_sec=0.2)

    async def perform(instruction: list[Any]) -> Any:  # noqa: C901, PLR0911, PLR0912  # one case for each operation
        name, given = instruction
        match name:
            case "step":
                return await number(given)
            case "flaky":
                try:
                    return await flake(given)
                except DBOSMaxStepRetriesExceeded as error:
                    return type(error).__name__
            case "fail":
                try:
                    return await fail(given)
                except RefusedError as error:
                    return str(error)
            case "pay":
                return deposit(given)
            case "refuse":
                try:
                    return withdraw(given)
                except RefusedError as error:
                    return str(error)
            case "message":
                await DBOS.send_async(DBOS.workflow_id, given, "mine")
                return await DBOS.recv_async("mine", timeout_seconds=WAIT_SECONDS)
            case "hello":
                handle = await DBOS.start_workflow_async(listener)
                await DBOS.send_async(handle.workflow_id, given, "hello")
                await handle.get_result()
                return await DBOS.get_event_async(handle.workflow_id, "heard", timeout_seconds=WAIT_SECONDS)
            case "nothing":
                return await DBOS.recv_async("nothing", timeout_seconds=given / 1000)
            case "event":
                await DBOS.set_event_async("state", given)
                return await DBOS.get_event_async(DBOS.workflow_id, "state", timeout_seconds=WAIT_SECONDS)
            case "sleep":
                return await DBOS.sleep_async(given / 1000)
            case "stream":
                return await DBOS.write_stream_async("values", given)
            case "stream_in_step":
                return await write(given)
            case "patch":
                return await DBOS.patch_async(f"patch {given}")
            case "steps":
                return len(await DBOS.list_workflow_steps_async(DBOS.workflow_id))
            case "call":
                return await program(given)
            case "raise_in_child":
                try:
                    return await failing_program(given)
                except RefusedError as error:
                    return str(error)
            case "start":
                handles = [await DBOS.start_workflow_async(program, each) for each in given]
                return [await handle.get_result() for handle in handles]
            case "enqueue":
                handles = [await queue.enqueue_async(leaf, each[0][1]) for each in given]
                return [await handle.get_result() for handle in handles]
            case "timeout":
                with SetWorkflowTimeout(0.02):
                    handle = await DBOS.start_workflow_async(endless)
                try:
                    return await handle.get_result()
                except DBOSAwaitedWorkflowCancelledError:
                    return "cancelled"
            case "fork":
                started = await DBOS.start_workflow_async(leaf, given)
                await started.get_result()
                with SetWorkflowID(f"{started.workflow_id}-copy"):
                    copy = await DBOS.fork_workflow_async(started.workflow_id, 2)
                return await copy.get_result()
            case other:
                raise AssertionError(other)

    @DBOS.workflow(name="listener")
    async def listener() -> None:
        await DBOS.set_event_async("heard", await DBOS.recv_async("hello", timeout_seconds=WAIT_SECONDS))

    @DBOS.workflow(name="leaf")
    async def leaf(given: int) -> list[Any]:
        # A program that is enqueued enqueues nothing: it would wait for a place that it holds itself.
        return [await perform([name, given]) for name in ("step", "pay", "event", "sleep")]

    @DBOS.workflow(name="program")
    async def program(instructions: list[Any]) -> list[Any]:
        return [await perform(instruction) for instruction in instructions]

    @DBOS.workflow(name="failing_program")
    async def failing_program(instructions: list[Any]) -> None:
        results = [await perform(instruction) for instruction in instructions]
        raise RefusedError(f"after {len(results)} instructions")

    started: Workflow[[list[Any]], Any] = program

    async def run(me: str, instructions: list[Any]) -> Any:
        with SetWorkflowID(me):
            handle = await DBOS.start_workflow_async(started, instructions)
        return await handle.get_result(WAIT_SECONDS)

    return run

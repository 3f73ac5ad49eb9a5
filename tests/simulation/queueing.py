"""Operations that put workflows on queues. With coroutines; see tests.behaviour.forms."""

import time
from typing import Any

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID, SetWorkflowTimeout
from dbos_typed.error import DBOSAwaitedWorkflowCancelledError, DBOSQueueDeduplicatedError
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20
SELDOM_SECONDS = 30
"""A polling interval that helps nobody in time."""


def define(bench: Bench) -> list[Operation]:  # noqa: C901, PLR0915  # many small functions
    """Register what the operations need; the operations."""
    lanes = Queue("lanes", concurrency=1, partition_queue=True, polling_interval_sec=SELDOM_SECONDS)
    rated = Queue("rated", limiter={"limit": 2, "period": 0.1}, polling_interval_sec=0.3)
    ranked = Queue("ranked", concurrency=1, priority_enabled=True, polling_interval_sec=SELDOM_SECONDS)
    narrow = Queue("narrow", worker_concurrency=1, polling_interval_sec=SELDOM_SECONDS)
    single = Queue("single", polling_interval_sec=SELDOM_SECONDS)
    turns: list[str] = []
    enqueued: dict[str, float] = {}
    at_work: set[str] = set()
    crowded: set[str] = set()

    @DBOS.step(name="turn")
    async def turn(number: int) -> int:
        bench.note("turn")
        turns.append(str(DBOS.workflow_id))
        return number

    @DBOS.workflow(name="queued")
    async def queued(number: int) -> int:
        return await turn(number)

    @DBOS.workflow(name="holder")
    async def holder() -> Any:
        return await DBOS.recv_async("go", timeout_seconds=WAIT_SECONDS)

    @DBOS.workflow(name="endless_queued")
    async def endless() -> None:
        await DBOS.recv_async("never", timeout_seconds=WAIT_SECONDS)

    @DBOS.workflow(name="alone")
    async def alone(me: str) -> str:
        at_work.add(str(DBOS.workflow_id))
        if len([each for each in at_work if each.startswith(me)]) > 1:
            crowded.add(me)
        await DBOS.sleep_async(0.003)
        at_work.discard(str(DBOS.workflow_id))
        return "done"

    async def enqueue_to_partitions(me: str) -> Any:
        with bench.window():
            handles = []
            for number, key in enumerate(("a", "b", "a")):
                with SetWorkflowID(f"{me}-{number}{key}"), SetEnqueueOptions(queue_partition_key=f"{me}{key}"):
                    handles.append(await lanes.enqueue_async(queued, number))
            return [await handle.get_result(WAIT_SECONDS) for handle in handles]

    async def enqueue_within_rate(me: str) -> Any:
        with bench.window():
            handles = []
            for number in range(3):
                with SetWorkflowID(f"{me}-r{number}"):
                    handles.append(await rated.enqueue_async(queued, number))
            return [await handle.get_result(WAIT_SECONDS) for handle in handles]

    async def enqueue_deduplicated(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-first"), SetEnqueueOptions(deduplication_id=me):
                first = await single.enqueue_async(holder)
            try:
                with SetWorkflowID(f"{me}-second"), SetEnqueueOptions(deduplication_id=me):
                    await single.enqueue_async(holder)
            except DBOSQueueDeduplicatedError as error:
                refused = error.deduplication_id == me
            else:
                refused = False
            await DBOS.send_async(first.workflow_id, "now", "go", idempotency_key=f"{me}-go")
            return refused, await first.get_result(WAIT_SECONDS)

    async def enqueue_by_priority(me: str) -> Any:
        with SetWorkflowID(f"{me}-holder"):
            first = await ranked.enqueue_async(holder)
        await bench.until_waiting_async(first.workflow_id)
        with bench.window():
            handles = []
            for priority in (3, 1, 2):
                with SetWorkflowID(f"{me}-p{priority}"), SetEnqueueOptions(priority=priority):
                    handles.append(await ranked.enqueue_async(queued, priority))
            await DBOS.send_async(first.workflow_id, "now", "go", idempotency_key=f"{me}-go")
            for handle in handles:
                await handle.get_result(WAIT_SECONDS)
        return list(dict.fromkeys(each for each in turns if each.startswith(f"{me}-")))

    async def enqueue_delayed(me: str) -> Any:
        # Of a workflow that is begun anew, the first time counts.
        began = enqueued.setdefault(me, time.monotonic())
        with bench.window():
            with SetWorkflowID(f"{me}-later"), SetEnqueueOptions(delay_seconds=0.02):
                handle = await rated.enqueue_async(queued, 1)
            result = await handle.get_result(WAIT_SECONDS)
        return result, time.monotonic() - began >= 0.02  # what the delay is at least

    async def enqueue_with_timeout(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-endless"), SetWorkflowTimeout(0.03):
                handle = await ranked.enqueue_async(endless)
            try:
                return await handle.get_result(WAIT_SECONDS)
            except DBOSAwaitedWorkflowCancelledError:
                return "cancelled"

    async def enqueue_one_at_a_time(me: str) -> Any:
        with bench.window():
            handles = []
            for number in range(3):
                with SetWorkflowID(f"{me}-n{number}"):
                    handles.append(await narrow.enqueue_async(alone, me))
            results = [await handle.get_result(WAIT_SECONDS) for handle in handles]
        return results, me in crowded

    return [
        Operation(name="enqueue_to_partitions", body=enqueue_to_partitions),
        Operation(name="enqueue_within_rate", body=enqueue_within_rate),
        Operation(name="enqueue_deduplicated", body=enqueue_deduplicated, is_repeatable=False),
        Operation(name="enqueue_by_priority", body=enqueue_by_priority),
        Operation(name="enqueue_delayed", body=enqueue_delayed),
        Operation(name="enqueue_with_timeout", body=enqueue_with_timeout),
        Operation(name="enqueue_one_at_a_time", body=enqueue_one_at_a_time),
    ]

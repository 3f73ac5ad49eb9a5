"""What services do at moments of their own, done once. With coroutines; see tests.behaviour.forms."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dbos_typed import DBOS, SetWorkflowID
from tests.simulation.operation import Bench, Operation

WAIT_SECONDS = 20
FIRST_TICK = datetime(2040, 1, 1, tzinfo=UTC)


def define(bench: Bench) -> list[Operation]:
    """Register what the operations need; the operations."""

    @DBOS.step(name="kept")
    async def kept() -> int:
        bench.note("kept")
        return 1

    @DBOS.workflow(name="tick")
    @DBOS.scheduled("0 0 1 1 *")
    async def tick(scheduled: datetime, actual: datetime) -> int:
        del scheduled, actual
        return await kept()

    @DBOS.workflow(name="old")
    async def old() -> int:
        return await kept()

    @DBOS.workflow(name="left_behind")
    async def left_behind() -> Any:
        first = await kept()
        return first, await DBOS.recv_async("go", timeout_seconds=WAIT_SECONDS)

    ticks: list[str] = []

    async def fire_schedule(me: str) -> Any:
        if me not in ticks:
            ticks.append(me)
        moment = FIRST_TICK + timedelta(minutes=ticks.index(me))
        with bench.window():
            await bench.services.fire_async(moment)
            handle = await DBOS.retrieve_workflow_async(f"sched-tick-{moment.isoformat()}")
            return await handle.get_result(WAIT_SECONDS)

    async def retention(me: str) -> Any:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(old)
        await handle.get_result(WAIT_SECONDS)
        await bench.services.grow_old_async()
        with bench.window():
            await bench.services.remove_ended_async()
            return await DBOS.get_workflow_status_async(f"{me}-other")

    async def recover(me: str) -> Any:
        with SetWorkflowID(f"{me}-other"):
            await DBOS.start_workflow_async(left_behind)
        await bench.until_waiting_async(f"{me}-other")
        await bench.services.abandon_async(f"{me}-other", f"gone-{me}")
        await DBOS.send_async(f"{me}-other", "now", "go", idempotency_key=f"{me}-go")
        with bench.window():
            await DBOS.recover_pending_workflows_async([f"gone-{me}"])
            handle = await DBOS.retrieve_workflow_async(f"{me}-other")
            return await handle.get_result(WAIT_SECONDS)

    return [
        Operation(name="fire_schedule", body=fire_schedule, is_inside=False),
        Operation(name="retention", body=retention, is_inside=False, is_repeatable=False),
        Operation(name="recover", body=recover, is_inside=False, is_repeatable=False),
    ]

"""What the engine's services do at moments of their own, done when an operation asks for it."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.ops.retention import BATCH, remove_ended
from dbos_typed.core.ops.schedules import fire
from dbos_typed.runtime.runtime import Runtime
from tests.simulation.waiting import until

T = TypeVar("T")


class Upkeep:
    """Works on the runtime that is launched."""

    def __init__(self, runtime: Callable[[], Runtime], give_to: Callable[[str, str], object]) -> None:
        """`give_to` writes another owner into the row of a workflow."""
        self._runtime = runtime
        self._give_to = give_to

    def fire(self, moment: datetime) -> None:
        """Begin the run of the schedule that is there, as for one tick."""
        (schedule,) = self._runtime().engine.registry.schedules()
        self._run(lambda runtime: fire(runtime.engine, schedule, moment, moment))

    async def fire_async(self, moment: datetime) -> None:
        await asyncio.to_thread(self.fire, moment)

    def grow_old(self) -> None:
        """Wait until what has ended is old enough to be removed."""
        periods = [queue.rate_period_seconds or 0 for queue in self._runtime().engine.registry.queues().values()]
        time.sleep(max(periods, default=0) + 0.005)

    async def grow_old_async(self) -> None:
        await asyncio.to_thread(self.grow_old)

    def remove_ended(self) -> None:
        """Remove every workflow that is old enough."""
        while self._run(lambda runtime: remove_ended(runtime.engine, 0)) == BATCH:
            pass

    async def remove_ended_async(self) -> None:
        await asyncio.to_thread(self.remove_ended)

    def abandon(self, workflow_id: str, executor_id: str) -> None:
        """Let another executor own the workflow, and wait until nothing runs it here."""
        self._give_to(workflow_id, executor_id)
        runs = self._runtime().engine.runs
        until(lambda: not runs.is_active(workflow_id))

    async def abandon_async(self, workflow_id: str, executor_id: str) -> None:
        await asyncio.to_thread(self.abandon, workflow_id, executor_id)

    def _run(self, begin: Callable[[Runtime], Operation[T]]) -> T:
        runtime = self._runtime()
        with context.entered(context.PATIENT):
            return runtime.run(begin(runtime))

"""Cancels the task of a caller at a chosen effect of the operation for which it waits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from dbos_typed.core import context
from dbos_typed.core.effects import Effect
from dbos_typed.runtime.drivers import Drivers


class Turn(Enum):
    """When the caller is cancelled."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(slots=True, eq=False)
class Interruption:
    """Counts the effects that one caller asks for, from 1, and cancels it once at number `stop_at`; 0: never."""

    is_open: Callable[[], bool] = lambda: True
    """Whether effects are counted now."""
    stop_at: int = 0
    turn: Turn = Turn.BEFORE
    workflow_id: str | None = None
    """The caller, when it is a workflow."""
    task: asyncio.Task[Any] | None = None
    """The caller, when it is none."""
    kinds: list[str] = field(default_factory=list[str])
    has_fallen: bool = False

    def watch(self, stop_at: int, turn: Turn, workflow_id: str | None = None) -> None:
        """Count the effects of a workflow, or else of the running task, from here on."""
        self.stop_at, self.turn, self.workflow_id, self.task = stop_at, turn, workflow_id, asyncio.current_task()
        self.has_fallen = False
        self.kinds.clear()

    def begin(self, effect: Effect[Any]) -> bool:
        """Note an effect; whether its caller is cancelled here."""
        if self.has_fallen or not self._is_of_caller() or not self.is_open():
            return False
        self.kinds.append(type(effect).__name__)
        self.has_fallen = len(self.kinds) == self.stop_at
        return self.has_fallen

    def _is_of_caller(self) -> bool:
        if self.workflow_id is None:
            return self.task is not None and asyncio.current_task() is self.task
        run = context.current().run
        return run is not None and run.workflow_id == self.workflow_id


class InterruptedDrivers(Drivers):
    """Drivers that cancel a caller."""

    def __init__(self, interruption: Interruption, **collaborators: Any) -> None:
        super().__init__(**collaborators)
        self._interruption = interruption

    async def perform_async(self, effect: Effect[Any]) -> Any:
        interruption = self._interruption
        if not interruption.begin(effect):
            return await super().perform_async(effect)
        task = asyncio.current_task()
        assert task is not None
        if interruption.turn is Turn.BEFORE:
            task.cancel()
            await asyncio.sleep(0)
        if interruption.turn is Turn.DURING:
            asyncio.get_running_loop().call_soon(task.cancel)
        result = await super().perform_async(effect)
        if interruption.turn is Turn.AFTER:
            task.cancel()
        await asyncio.sleep(0)
        return result

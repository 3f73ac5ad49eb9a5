"""Cancels the task of a caller at a chosen effect of the operation for which it waits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from dbos_typed.core.effects import Effect
from dbos_typed.runtime.drivers import Drivers


class Turn(Enum):
    """When the caller is cancelled."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(slots=True, eq=False)
class Interruption:
    """Counts the effects that one task asks for, and cancels it at number `stop_at`, from 1; at none when it is 0."""

    is_open: Callable[[], bool] = lambda: True
    """Whether effects are counted now."""
    stop_at: int = 0
    turn: Turn = Turn.BEFORE
    task: asyncio.Task[Any] | None = None
    kinds: list[str] = field(default_factory=list[str])

    def watch(self, stop_at: int, turn: Turn) -> None:
        """Count the effects of the running task from here on."""
        self.stop_at, self.turn, self.task = stop_at, turn, asyncio.current_task()
        self.kinds.clear()

    def begin(self, effect: Effect[Any]) -> bool:
        """Note an effect; whether its task is cancelled here."""
        if self.task is None or asyncio.current_task() is not self.task or not self.is_open():
            return False
        self.kinds.append(type(effect).__name__)
        return len(self.kinds) == self.stop_at


class InterruptedDrivers(Drivers):
    """Drivers that cancel a caller."""

    def __init__(self, interruption: Interruption, **collaborators: Any) -> None:
        super().__init__(**collaborators)
        self._interruption = interruption

    async def perform_async(self, effect: Effect[Any]) -> Any:
        interruption = self._interruption
        if not interruption.begin(effect):
            return await super().perform_async(effect)
        task = interruption.task
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

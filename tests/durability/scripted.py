"""Drivers that stop at a chosen effect, as if the process had died there."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from dbos_typed.core.effects import Commit, Effect
from dbos_typed.core.writes import Farewell
from dbos_typed.error import DBOSInitializationError
from dbos_typed.runtime.drivers import Drivers

WORKFLOW_THREADS = ("MainThread", "dbos-worker", "dbos-loop")
"""The effects of the services, which look after themselves at moments of their own, are not counted."""


class Crash(BaseException):
    """The process is gone. No `Exception`, so that nothing takes it for the outcome of a step."""


class Moment(Enum):
    """Where in an effect the crash falls."""

    BEFORE = "before"
    AFTER = "after"
    """The effect was performed, and nobody saw its result."""


@dataclass(slots=True, kw_only=True, eq=False)
class Script:
    """Counts the effects of a runtime and crashes it at number `stop_at`, from 1; at none when it is None."""

    stop_at: int | None = None
    moment: Moment = Moment.BEFORE
    on_crash: Callable[[], None] = lambda: None
    """Wakes whoever waits, for nothing will wake them any more."""
    count: int = 0
    crashed_at: Effect[Any] | None = None
    kinds: list[str] = field(default_factory=list[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, stop_at: int, moment: Moment) -> None:
        """Count anew from here, and crash at effect number `stop_at`."""
        with self._lock:
            self.stop_at, self.moment, self.count = stop_at, moment, 0
            self.kinds.clear()

    def begin(self, effect: Effect[Any]) -> int:
        """Number an effect that is about to be performed; the dead perform none."""
        with self._lock:
            if self.crashed_at is not None:
                raise Crash
            if not threading.current_thread().name.startswith(WORKFLOW_THREADS):
                return 0
            self.count += 1
            number = self.count
            self.kinds.append(type(effect).__name__)
        if self.moment is Moment.BEFORE and number == self.stop_at:
            self._crash(effect)
        return number

    def end(self, effect: Effect[Any], number: int) -> None:
        """After effect `number`, 0 for one of a service; no workflow sees results after the crash."""
        if number == 0:
            return
        if self.moment is Moment.AFTER and number == self.stop_at:
            self._crash(effect)
        if self.crashed_at is not None:
            raise Crash

    def _crash(self, effect: Effect[Any]) -> None:
        with self._lock:
            self.crashed_at = effect
        self.on_crash()
        raise Crash


class ScriptedDrivers(Drivers):
    """Drivers that follow a script."""

    def __init__(self, script: Script, **collaborators: Any) -> None:
        super().__init__(**collaborators)
        self._script = script

    def perform(self, effect: Effect[Any]) -> Any:
        if isinstance(effect, Commit) and isinstance(effect.write, Farewell) and self._script.crashed_at is None:
            # The end of an undisturbed runtime is no effect of its workflows.
            return super().perform(effect)
        try:
            number = self._script.begin(effect)
        except Crash as crash:
            is_farewell = isinstance(effect, Commit) and isinstance(effect.write, Farewell)
            if threading.current_thread().name.startswith(WORKFLOW_THREADS) and not is_farewell:
                raise
            raise DBOSInitializationError("the process is gone") from crash
        try:
            return super().perform(effect)
        finally:
            self._script.end(effect, number)

    async def perform_async(self, effect: Effect[Any]) -> Any:
        number = self._script.begin(effect)
        try:
            return await super().perform_async(effect)
        finally:
            self._script.end(effect, number)

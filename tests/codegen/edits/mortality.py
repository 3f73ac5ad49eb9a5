"""Trees of workflows that die together, as if their process were killed."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from dbos_typed.core import context
from dbos_typed.core.effects import Call, Commit, Effect, Transact, WaitFor
from dbos_typed.core.writes import RecordStep
from dbos_typed.runtime.drivers import Drivers
from tests.codegen.edits.services import tree_of


class Killed(BaseException):
    """The process is gone. No `Exception`, so that nothing takes it for the outcome of a step."""


@dataclass(slots=True, kw_only=True)
class Deaths:
    """Which tree dies after how many of its commits.

    A step that has begun is recorded before its tree dies, because one that is killed in its middle may be done twice.
    """

    after: dict[str, int] = field(default_factory=dict[str, int])
    commits: Counter[str] = field(default_factory=Counter[str])
    dead: set[str] = field(default_factory=set[str])
    begun: set[str] = field(default_factory=set[str])
    """The workflows that have done anything."""
    under_way: int = 0
    """How many effects other than waits are under way."""
    waits: int = 0
    """How many workflows wait for something."""
    last: float = field(default_factory=time.monotonic)
    """When something was done last, by the monotonic clock."""
    _open_steps: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, effect: Effect[Any]) -> None:
        """Kill the running workflow when its tree is dead."""
        frame = context.current()
        with self._lock:
            self.last = time.monotonic()
            if frame.run is not None:
                self._die(frame, frame.run.workflow_id, effect)
            self.under_way += not isinstance(effect, WaitFor | Call)
            self.waits += frame.run is not None and isinstance(effect, WaitFor)

    def _die(self, frame: context.Frame, workflow_id: str, effect: Effect[Any]) -> None:
        tree = tree_of(workflow_id)
        if self.commits[tree] >= self.after.get(tree, 1_000_000):
            self.dead.add(tree)
        step = None
        if isinstance(effect, Call) and frame.step is not None:
            step = (workflow_id, frame.step.step_id)
        elif isinstance(effect, Commit) and isinstance(effect.write, RecordStep):
            step = (workflow_id, effect.write.record.step.number)
        if tree in self.dead and step not in self._open_steps and not self._is_retrying(workflow_id, effect):
            raise Killed
        self.begun.add(workflow_id)
        if isinstance(effect, Call) and step is not None:
            self._open_steps.add(step)
        if isinstance(effect, Commit):
            self._open_steps -= {step} if step is not None else set()

    def _is_retrying(self, workflow_id: str, effect: Effect[Any]) -> bool:
        return isinstance(effect, WaitFor) and any(owner == workflow_id for owner, _ in self._open_steps)

    def end(self, effect: Effect[Any]) -> None:
        """Count what was committed."""
        run = context.current().run
        with self._lock:
            self.last = time.monotonic()
            self.under_way -= not isinstance(effect, WaitFor | Call)
            self.waits -= run is not None and isinstance(effect, WaitFor)
            if run is not None and isinstance(effect, Commit | Transact):
                self.commits[tree_of(run.workflow_id)] += 1

    @property
    def silence(self) -> float:
        """For how many seconds nothing has been done."""
        with self._lock:
            return 0 if self.under_way else time.monotonic() - self.last


class MortalDrivers(Drivers):
    """Drivers under which trees of workflows die."""

    def __init__(self, deaths: Deaths, **collaborators: Any) -> None:
        super().__init__(**collaborators)
        self._deaths = deaths

    def perform(self, effect: Effect[Any]) -> Any:
        self._deaths.begin(effect)
        try:
            return super().perform(effect)
        finally:
            self._deaths.end(effect)

    async def perform_async(self, effect: Effect[Any]) -> Any:
        self._deaths.begin(effect)
        try:
            return await super().perform_async(effect)
        finally:
            self._deaths.end(effect)

"""One operation of the public interface, as trials run it."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from dbos_typed import DBOSClient
from dbos_typed.core import context
from tests.simulation.upkeep import Upkeep
from tests.simulation.waiting import until

Body = Callable[[str], Any]
"""Prepares what the operation needs, and makes it in the window of the bench; given the id of the trial."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What operations are given."""

    window: Callable[[], AbstractContextManager[None]]
    """In it, uses of the database are counted and may fail."""
    runs: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """How often the body of a step was run, by workflow and step."""
    is_waiting: Callable[[str], bool] = lambda _: True
    """Whether a workflow has recorded until when it waits for a message."""
    lend_client: Callable[[], DBOSClient] | None = None
    upkeep: Upkeep | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def client(self) -> DBOSClient:
        """A client of the database, beside the runtime."""
        assert self.lend_client is not None
        return self.lend_client()

    @property
    def services(self) -> Upkeep:
        """What the engine's services do, to be done now."""
        assert self.upkeep is not None
        return self.upkeep

    def until_waiting(self, workflow_id: str) -> None:
        """Block until the workflow waits for a message."""
        until(lambda: self.is_waiting(workflow_id))

    async def until_waiting_async(self, workflow_id: str) -> None:
        """The same, holding up no event loop."""
        await asyncio.to_thread(self.until_waiting, workflow_id)

    def note(self, name: str) -> None:
        """Note that the body of a step is run."""
        run = context.current().run
        with self._lock:
            self.runs["" if run is None else run.workflow_id, name] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation."""

    name: str
    body: Body
    is_inside: bool = True
    """Whether it may be made in a workflow."""
    is_outside: bool = True
    """Whether it may be made outside workflows."""
    is_read_only: bool = False
    """Whether it is a transaction that was declared to write nothing, which is told when it does."""
    commits_unrecorded: bool = False
    """Whether made outside, it may be told that nobody knows whether its commit was done."""
    is_repeatable: bool = True
    """Whether made twice with the same ids it does what it does once."""
    writes_in_step: bool = False
    """Whether it writes in a step, and does so again when the step is run again."""

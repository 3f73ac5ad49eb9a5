"""The collaborators that operations share."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from dbos_typed.clock import Clock
from dbos_typed.codec import CallPlan, Codec, Plan
from dbos_typed.core.ports import Listener, Timers
from dbos_typed.core.registry import Registry
from dbos_typed.core.run import Run
from dbos_typed.telemetry import NO_TRACER, Tracer

SAFETY_POLL_SECONDS = 5.0
"""A lost signal delays a waiter by at most this."""


INTERNAL_QUEUE = "_dbos_internal_queue"
"""Where workflows wait for an executor that has their function. Every executor works on it."""


def takes_anything(*_args: object, **_kwargs: object) -> None:
    """Stands for functions that are not registered here."""


class ActiveRuns:
    """The runs of this process that have not ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._runs: dict[str, Run] = {}
        self._starting: dict[str, int] = {}

    def starting(self, workflow_id: str) -> None:
        """Announce a run before its row is written, so that nobody takes the row for an abandoned one."""
        with self._lock:
            self._starting[workflow_id] = self._starting.get(workflow_id, 0) + 1

    def started(self, workflow_id: str, run: Run | None) -> None:
        """End the announcement; `run` is the run that now owns the row, None when another one does."""
        with self._lock:
            count = self._starting.get(workflow_id, 1) - 1
            if count:
                self._starting[workflow_id] = count
            else:
                self._starting.pop(workflow_id, None)
            if run is not None:
                self._runs[workflow_id] = run

    def ended(self, run: Run) -> None:
        with self._lock:
            if self._runs.get(run.workflow_id) is run:
                del self._runs[run.workflow_id]

    def get(self, workflow_id: str) -> Run | None:
        return self._runs.get(workflow_id)

    def is_active(self, workflow_id: str) -> bool:
        """Whether a run of the workflow exists here or is about to."""
        with self._lock:
            return workflow_id in self._runs or workflow_id in self._starting

    def cancel(self, workflow_id: str, run_token: int) -> None:
        """Tell the run that its workflow was cancelled; a later run of the same workflow is not meant."""
        run = self._runs.get(workflow_id)
        if run is not None and run.token == run_token:
            run.is_cancelled = True

    def count_on_queue(self, queue_name: str, partition_key: str | None) -> int:
        """How many runs of this process came from the queue, or from one partition of it."""
        with self._lock:
            return sum(
                run.queue_name == queue_name and partition_key in (None, run.partition_key)
                for run in self._runs.values()
            )

    def all(self) -> list[Run]:
        with self._lock:
            return list(self._runs.values())


class Order:
    """Numbers that grow with time and never repeat."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def next(self, now: int) -> int:
        with self._lock:
            self._last = max(self._last + 1, now)
            return self._last


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What an operation needs beside its effects: things in memory, reached without input or output."""

    clock: Clock
    listener: Listener
    registry: Registry
    codec: Codec
    dynamic: Plan[object]
    """Encodes values of unknown type."""
    any_call: CallPlan
    """Reads the inputs of functions that are not registered here."""
    runs: ActiveRuns
    timers: Timers
    logger: logging.Logger
    is_executor: bool
    """Whether this process runs workflows; a client only writes and reads."""
    executor_id: str
    app_version: str
    on_input_conflict: Literal["raise", "warn"] = "raise"
    strict_replay: bool = False
    order: Order = field(default_factory=Order)
    tracer: Tracer = NO_TRACER

    def next_queue_order(self) -> int:
        """The place in its queue of a workflow that is enqueued now."""
        return self.order.next(int(self.clock.now() * 1_000_000))

    def now_ms(self) -> int:
        return int(self.clock.now() * 1000)

"""The collaborators that operations share."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from dbos_typed.clock import Clock
from dbos_typed.codec import CallPlan, Codec, Plan
from dbos_typed.core.active_runs import ActiveRuns
from dbos_typed.core.ports import Listener, Timers
from dbos_typed.core.registry import Registry
from dbos_typed.telemetry import NO_TRACER, Tracer

SAFETY_POLL_SECONDS = 5.0
"""A lost signal delays a waiter by at most this."""


INTERNAL_QUEUE = "_dbos_internal_queue"
"""Where workflows wait for an executor that has their function. Every executor works on it."""


def takes_anything(*_args: object, **_kwargs: object) -> None:
    """Stands for functions that are not registered here."""


class Order:
    """Numbers that grow with time and never repeat."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def next(self, now: int) -> int:
        with self._lock:
            self._last = max(self._last + 1, now)
            return self._last


@dataclass(slots=True)
class Identity:
    """The executor id that this process holds; another one once it has lost the first."""

    executor_id: str


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
    identity: Identity
    app_version: str
    on_input_conflict: Literal["raise", "warn"] = "raise"
    strict_replay: bool = False
    order: Order = field(default_factory=Order)
    tracer: Tracer = NO_TRACER

    @property
    def executor_id(self) -> str:
        """By which the workflows that this process runs are known to be its own."""
        return self.identity.executor_id

    def calls_of(self, name: str, class_name: str | None) -> CallPlan:
        """How the arguments of a workflow are stored: by annotation where it is registered, else by their own types."""
        definition = self.registry.find_workflow(name)
        if definition is None:
            return self.any_call
        return definition.free_calls if class_name is None else definition.bound_calls

    def next_queue_order(self) -> int:
        """The place in its queue of a workflow that is enqueued now."""
        return self.order.next(int(self.clock.now() * 1_000_000))

    def now_ms(self) -> int:
        return int(self.clock.now() * 1000)

"""Enqueues scheduled workflows when they are due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from dbos_typed.clock import Clock
from dbos_typed.core.ports import SCHEDULES_SIGNAL, Listener
from dbos_typed.core.registry import Registry, ScheduleDefinition

LONGEST_WAIT_SECONDS = 60.0
"""The machine's clock may be set, or the machine may sleep: so long is a wait not looked after."""


class Scheduler:
    """Begins the runs of all schedules.

    Ticks that pass while no executor runs are not made up for; of those that pass while this one is held up, only the
    first is run, late.
    """

    name = "dbos-scheduler"

    def __init__(
        self,
        *,
        registry: Registry,
        listener: Listener,
        clock: Clock,
        fire: Callable[[ScheduleDefinition, datetime, datetime], object],
        logger: logging.Logger,
    ) -> None:
        """`fire(schedule, scheduled, actual)` begins the run of one tick."""
        self._registry = registry
        self._listener = listener
        self._clock = clock
        self._fire = fire
        self._logger = logger
        self._due: dict[ScheduleDefinition, datetime] = {}

    def run(self, stop: threading.Event) -> None:
        with self._listener.subscribe(SCHEDULES_SIGNAL) as subscription:
            while not stop.is_set():
                seconds = self.run_due(stop)
                if not stop.is_set():
                    subscription.wait(None if seconds is None else min(seconds, LONGEST_WAIT_SECONDS))

    def wake(self) -> None:
        self._listener.publish([SCHEDULES_SIGNAL])

    def run_due(self, stop: threading.Event) -> float | None:
        """Begin what is due now; in how many seconds something is due next, None: there is no schedule."""
        now = self._now()
        schedules = self._registry.schedules()
        self._due = {each: self._due.get(each) or each.cron.next_after(now) for each in schedules}
        for schedule, moment in self._due.items():
            if moment <= now and not stop.is_set():
                try:
                    self._fire(schedule, moment, now)
                except Exception:
                    if stop.is_set():
                        break
                    self._logger.exception("The run of %s that was due at %s was not begun.", schedule.label, moment)
                self._due[schedule] = schedule.cron.next_after(now)
        if not self._due:
            return None
        return max((min(self._due.values()) - self._now()).total_seconds(), 0.0)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

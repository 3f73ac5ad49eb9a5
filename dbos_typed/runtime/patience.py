"""Repeating what a database did not answer until it does, or the caller's time is over."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import time

from dbos_typed.core import context
from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.error import DBOSDatabaseUnavailableError
from dbos_typed.storage.availability import Gate

FIRST_PAUSE_SECONDS = 0.01
MOST_PAUSE_SECONDS = 1.0
WARN_AFTER_SECONDS = 10.0
"""A conflict is an everyday thing; one that lasts is told."""
STATEMENT_PATIENCE_SECONDS = 600.0
"""For how long a statement of the application that meets a timeout or a lock is repeated: it may be to blame itself."""


def is_endless() -> bool:
    """Whether the running code waits for the database without end: in a workflow, and in a service of the engine."""
    frame = context.current()
    return frame.run is not None or frame.is_patient


def unavailable(fault: DatabaseFault, waited_seconds: float) -> DBOSDatabaseUnavailableError:
    """What a caller outside workflows is told."""
    return DBOSDatabaseUnavailableError(
        f"The database did not answer for {waited_seconds:.1f} seconds ({fault}). Whether a write took effect is not "
        "known: repeat the call with the same workflow id. How long such calls wait is configured by "
        "database_timeout_seconds; workflows wait until the database is back."
    )


class Repetition:
    """The attempts at one effect after the first has failed."""

    def __init__(self, gate: Gate, *, patience_seconds: float, until: float | None, logger: logging.Logger) -> None:
        """`until` is the end of the caller's own timeout by the monotonic clock, which counts before the patience."""
        self._gate = gate
        self._logger = logger
        self._began = time.monotonic()
        self._end = math.inf if is_endless() else self._began + patience_seconds if until is None else until
        self._pause = FIRST_PAUSE_SECONDS
        self._is_told = False

    def wait(self, fault: DatabaseFault) -> None:
        """Block until the next attempt. Raises DBOSDatabaseUnavailableError if the time is over."""
        seconds = self._before_next(fault)
        if seconds is None:
            self._gate.wait(self._end - time.monotonic())
        else:
            self._gate.sleep(seconds)

    async def wait_async(self, fault: DatabaseFault) -> None:
        """The same, holding no thread."""
        seconds = self._before_next(fault)
        if seconds is None:
            await self._gate.wait_async(self._end - time.monotonic())
        else:
            await asyncio.sleep(seconds)

    def _before_next(self, fault: DatabaseFault) -> float | None:
        """How long to wait; `None`: as long as the gate is shut."""
        now = time.monotonic()
        waited = now - self._began
        if now >= self._end:
            raise unavailable(fault, waited) from fault
        if fault.kind is FaultKind.UNAVAILABLE:
            self._gate.failed(fault)
            return None
        if fault.is_statement_of_user and waited > STATEMENT_PATIENCE_SECONDS:
            raise fault.cause
        if waited > WARN_AFTER_SECONDS and not self._is_told:
            self._is_told = True
            self._logger.warning("The database has been busy for %.0f seconds (%s); it is tried again.", waited, fault)
        pause = min(self._pause * random.uniform(0.5, 1.5), self._end - now)  # noqa: S311  # jitter, no secret
        self._pause = min(self._pause * 2, MOST_PAUSE_SECONDS)
        return pause

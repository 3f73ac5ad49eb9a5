"""Claiming an executor id, which one living process holds at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from dbos_typed.core.liveness import SECOND_LOOK_SECONDS
from dbos_typed.core.writes import Beat
from dbos_typed.error import DBOSInitializationError
from dbos_typed.records import ExecutorRecord, LockState

LOOK_SECONDS = 0.25


class IdentityClaim:
    """Claims the id of a launch, as soon as it is certain that whoever held it before has ended."""

    def __init__(
        self,
        *,
        launch_id: str,
        beat: Callable[[tuple[str, int] | None], Beat],
        logger: logging.Logger,
    ) -> None:
        """`beat` claims the id in one statement, from nobody or from the holder who shows this very look."""
        self._launch_id = launch_id
        self._beat = beat
        self._logger = logger

    def run(self) -> Beat:
        """Wait for a holder who may be dead, for the rest of its lease at most.

        DBOSInitializationError: the holder is alive.
        """
        began = time.monotonic()
        first = (answer := self._beat(None)).holder
        is_told = False
        while (holder := answer.holder).launch_id != self._launch_id:
            waited = time.monotonic() - began
            needed = None if holder.look != first.look and not holder.is_ended else _needed(holder, waited)
            if needed is None:
                raise _held(holder)
            if needed > 0.0:
                if not is_told:
                    self._tell(holder, needed)
                    is_told = True
                time.sleep(min(LOOK_SECONDS, needed))
            answer = self._beat(holder.look if needed <= 0.0 else None)
        return answer

    def _tell(self, holder: ExecutorRecord, needed: float) -> None:
        self._logger.info(
            "The executor id %r was held by process %d on %s; the launch waits up to %.1f s for a sign of its life.",
            holder.executor_id,
            holder.pid,
            holder.host,
            needed,
        )


def _needed(holder: ExecutorRecord, waited: float) -> float | None:
    """For how many seconds more a holder must be seen without a sign of life to be dead; None: it is alive."""
    if holder.is_ended or holder.lock is LockState.GONE:
        return 0.0
    second_look = SECOND_LOOK_SECONDS - waited
    if holder.is_over or holder.lock is LockState.LOST:
        return second_look
    if holder.lock is LockState.HELD:
        return None
    return max((holder.lease_ms - holder.silent_ms) / 1000, second_look, LOOK_SECONDS)


def _held(holder: ExecutorRecord) -> DBOSInitializationError:
    since = datetime.fromtimestamp(holder.started_at / 1000, UTC).isoformat(timespec="seconds")
    return DBOSInitializationError(
        f"The executor id {holder.executor_id!r} is held by a living process: number {holder.pid} on host "
        f"{holder.host!r}, version {holder.app_version!r}, since {since}, last seen "
        f"{max(holder.silent_ms, 0) / 1000:.1f} seconds ago. Two processes of one id would take each other's "
        "workflows. Stop that process, or give this one an executor_id of its own (DBOS__VMID); without one, each "
        "launch draws its own. Nothing was started."
    )

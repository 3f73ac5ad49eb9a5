"""Says that this executor is alive, and continues the work of those that are not."""

from __future__ import annotations

import logging
import math
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence

from dbos_typed.core.engine import Identity
from dbos_typed.core.liveness import SECOND_LOOK_SECONDS, Judge
from dbos_typed.core.writes import Beat, Farewell, Heartbeat
from dbos_typed.runtime.services.claiming import IdentityClaim

BEATS_PER_TIMEOUT = 4
"""A beat may be lost or late without the executor being taken for dead."""
LOCK_SECONDS = 2.0
"""For how long a launch waits for the lock that tells its end; it goes on without one, and takes it later."""
_ID_BYTES = 4


class HeartbeatService:
    """Claims the executor id, beats, and recovers the workflows of dead executors of the same version."""

    name = "dbos-heartbeat"

    def __init__(
        self,
        *,
        identity: Identity,
        app_version: str,
        host: str,
        timeout_seconds: float,
        beat: Callable[[Heartbeat], Beat],
        leave: Callable[[Farewell], None],
        recover: Callable[[Sequence[str]], object],
        recover_again: Callable[[], None],
        logger: logging.Logger,
    ) -> None:
        self.launch_id = secrets.token_hex(8)
        """Names this launch; nobody else has it."""
        self._identity = identity
        self._app_version = app_version
        self._host = host
        self._interval = timeout_seconds / BEATS_PER_TIMEOUT
        self._timeout = timeout_seconds
        self._due_at = 0.0
        self._woken = threading.Event()
        self._last_beat: float | None = None
        self._regular_since = math.inf
        self._lock_name: str | None = None
        self._judge = Judge(app_version)
        self._is_launching = True
        self._lock_answered = threading.Event()
        self._is_lock_held: Callable[[], bool] = lambda: True
        self._beat = beat
        self._leave = leave
        self._recover = recover
        self._recover_again = recover_again
        self._logger = logger
        self._beating = threading.Lock()

    def hold(self, lock_name: str | None, is_held: Callable[[], bool] = lambda: True) -> None:
        """Tell the others, at once, the lock that is held from now on while this process lives; None: it was lost.

        `is_held` is asked before each beat. Any thread may call this.
        """
        if lock_name is not None or self._lock_name is not None:
            self._lock_name = lock_name
            self._is_lock_held = is_held
            self._woken.set()
        self._lock_answered.set()

    def claim(self) -> list[str]:
        """Claim the executor id; the executors that have work and are dead for certain.

        The claim names the lock, for which it waits: whoever claims the id after this process died must not wait for
        the end of its lease, however soon it died.

        DBOSInitializationError: a living process holds the id.
        """
        self._lock_answered.wait(LOCK_SECONDS)
        claim = IdentityClaim(
            launch_id=self.launch_id,
            beat=lambda displaces: self._beat(self._heartbeat(displaces)),
            logger=self._logger,
        )
        return self._judged(claim.run())

    def beat(self) -> list[str]:
        """Say that this executor is alive; the executors that have work and are dead. Any thread may call this.

        Afterwards this process holds its executor id, be it another one than before.
        """
        with self._beating:
            return self._beaten()

    def _beaten(self) -> list[str]:
        answer = self._beat(self._heartbeat())
        while answer.holder.launch_id != self.launch_id:
            # It was silent for longer than its lease. Both going on under one id would steal from each other.
            lost, self._identity.executor_id = self._identity.executor_id, own_name(self._identity.executor_id)
            self._logger.error(
                "The executor id %r was taken by process %d on %s while this one gave no sign of life; this one goes "
                "on as %r.",
                lost,
                answer.holder.pid,
                answer.holder.host,
                self._identity.executor_id,
            )
            answer = self._beat(self._heartbeat())
        return self._judged(answer)

    def leave(self) -> None:
        """Tell the others that this executor has ended."""
        try:
            self._leave(Farewell(executor_id=self._identity.executor_id, launch_id=self.launch_id))
        except Exception:
            # Then they find out by its silence.
            self._logger.debug("The executor could not say that it ended.", exc_info=True)

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._woken.wait(max(self._due_at - time.monotonic(), 0.0))
            self._woken.clear()
            if stop.is_set():
                return
            dead = self.beat()
            try:
                if dead and not stop.is_set():
                    self._logger.warning("Executors %s are gone; their workflows are continued here.", ", ".join(dead))
                    self._recover(dead)
                if not stop.is_set():
                    self._recover_again()
            except Exception:
                # Whatever is wrong with the work of others, this executor must go on saying that it is alive.
                if not stop.is_set():
                    self._logger.exception("Workflows were not recovered; it is tried again with the next heartbeat.")

    def wake(self) -> None:
        self._woken.set()

    def _heartbeat(self, displaces: tuple[str, int] | None = None) -> Heartbeat:
        return Heartbeat(
            executor_id=self._identity.executor_id,
            launch_id=self.launch_id,
            app_version=self._app_version,
            host=self._host,
            pid=os.getpid(),
            lease_ms=int(self._timeout * 1000),
            lock_name=self._lock_name if self._is_lock_held() else None,
            displaces=displaces,
        )

    def _judged(self, answer: Beat) -> list[str]:
        now = time.monotonic()
        # While nobody could beat, silence means nothing: who was held up judges the others by a whole timeout of
        # regular beats, within which every living one has beaten too.
        if self._last_beat is None or now - self._last_beat > 2 * self._interval:
            self._regular_since = now
        self._last_beat = now
        judgement = self._judge.judge(
            answer.owners,
            now,
            # Who runs for a while may have been cut off together with the others, and is the first to come back.
            patience_seconds=min(SECOND_LOOK_SECONDS, self._interval) if self._is_launching else self._interval,
            may_judge_silence=now - self._regular_since >= self._timeout,
        )
        self._is_launching = self._is_launching and judgement.has_doubts
        pause = min(self._interval, SECOND_LOOK_SECONDS) if self._is_launching else self._interval
        self._due_at = now + pause
        return list(judgement.dead)


def own_name(stem: str) -> str:
    """An executor id that nobody else has, and by which people know where it belongs."""
    return f"{stem}-{secrets.token_hex(_ID_BYTES)}"

"""Says that this executor is alive, and continues the work of those that are not."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from dbos_typed.core.writes import Farewell, Heartbeat

BEATS_PER_TIMEOUT = 4
"""A beat may be lost or late without the executor being taken for dead."""


class HeartbeatService:
    """Beats, and recovers the workflows of dead executors of the same version."""

    name = "dbos-heartbeat"

    def __init__(
        self,
        *,
        executor_id: str,
        app_version: str,
        host: str,
        timeout_seconds: float,
        beat: Callable[[Heartbeat], list[str]],
        leave: Callable[[Farewell], None],
        recover: Callable[[Sequence[str]], object],
        recover_again: Callable[[], None],
        logger: logging.Logger,
    ) -> None:
        self._heartbeat = Heartbeat(
            executor_id=executor_id,
            app_version=app_version,
            host=host,
            pid=os.getpid(),
            timeout_ms=int(timeout_seconds * 1000),
        )
        self._interval = timeout_seconds / BEATS_PER_TIMEOUT
        self._timeout = timeout_seconds
        self._due_at = 0.0
        self._last_beat: float | None = None
        self._regular_since = math.inf
        self._beat = beat
        self._leave = leave
        self._recover = recover
        self._recover_again = recover_again
        self._logger = logger

    def beat(self) -> list[str]:
        """Say that this executor is alive; the executors that have work and are not."""
        dead = self._beat(self._heartbeat)
        now = time.monotonic()
        # While nobody could beat, silence means nothing: who was held up judges the others by a whole timeout of
        # regular beats, within which every living one has beaten too.
        if self._last_beat is None or now - self._last_beat > 2 * self._interval:
            self._regular_since = now
        self._last_beat = now
        self._due_at = now + self._interval
        return dead if now - self._regular_since >= self._timeout else []

    def leave(self) -> None:
        """Tell the others that this executor has ended."""
        try:
            self._leave(Farewell(executor_id=self._heartbeat.executor_id, pid=self._heartbeat.pid))
        except Exception:
            # Then they find out by its silence.
            self._logger.debug("The executor could not say that it ended.", exc_info=True)

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(max(self._due_at - time.monotonic(), 0.0)):
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
        """It waits for nothing but `stop`."""


def choose_executor_id(configured: str, *, is_explicit: bool, host: str, processes: Mapping[str, int]) -> str:
    """The id of this process.

    One that was not given explicitly is shared by all processes of a host, so when a living one has it already this
    process gets an id of its own.
    """
    holder = processes.get(configured)
    if is_explicit or holder is None or holder == os.getpid() or not is_alive(holder):
        return configured
    return f"{host}-{os.getpid()}"


def left_behind(executor_id: str, processes: Mapping[str, int]) -> list[str]:
    """The executors whose work this process continues at launch.

    Itself, and those of this host whose process is gone.
    """
    return [executor_id, *(name for name, pid in processes.items() if name != executor_id and not is_alive(pid))]


def is_alive(pid: int) -> bool:
    """Whether a process of this host exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

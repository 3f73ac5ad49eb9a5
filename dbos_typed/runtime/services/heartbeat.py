"""Says that this executor is alive, and continues the work of those that are not."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence

from dbos_typed.core.writes import Farewell, Heartbeat

BEATS_PER_TIMEOUT = 3
"""A beat may be lost or late without the executor being taken for dead."""


class HeartbeatService:
    """One thread that beats, and recovers the workflows of dead executors of the same version."""

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
        self._beat = beat
        self._leave = leave
        self._recover = recover
        self._recover_again = recover_again
        self._logger = logger
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dbos-heartbeat", daemon=True)

    def start(self) -> None:
        """Beat once, before anything runs that others might take for abandoned, and then in the background."""
        self._beat(self._heartbeat)
        self._thread.start()

    def stop(self) -> None:
        """Stop beating. Idempotent."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def leave(self) -> None:
        """Tell the others that this executor has ended."""
        try:
            self._leave(Farewell(executor_id=self._heartbeat.executor_id, pid=self._heartbeat.pid))
        except Exception:
            # Then they find out by its silence.
            self._logger.debug("The executor could not say that it ended.", exc_info=True)

    def _run(self) -> None:
        while not self._stop.wait(self._interval):
            try:
                dead = self._beat(self._heartbeat)
                if dead and not self._stop.is_set():
                    self._logger.warning("Executors %s are gone; their workflows are continued here.", ", ".join(dead))
                    self._recover(dead)
                if not self._stop.is_set():
                    self._recover_again()
            except Exception:
                if not self._stop.is_set():
                    self._logger.exception("The heartbeat failed; it is tried again.")


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

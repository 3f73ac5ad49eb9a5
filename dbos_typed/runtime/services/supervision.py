"""Threads that go on working whatever happens in them."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import math
import threading
import time
import traceback
from collections.abc import Iterable, Sequence
from typing import Protocol

from dbos_typed.core.context import PATIENT, Frame, put
from dbos_typed.core.health import ServiceHealth

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
SETTLED_SECONDS = 5.0
"""A service that has worked for so long since it was begun again has recovered."""
LONGEST_STOP_SECONDS = 10.0
"""How long stopping waits for a thread, which may be in a call to a database that does not answer."""


class ServiceBody(Protocol):
    """What a service does; the thread around it is a ServiceThread."""

    @property
    def name(self) -> str:
        """The name of the thread."""
        ...

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set, beginning with what is due now: it is called again after it raised."""
        ...

    def wake(self) -> None:
        """Make `run` look at `stop`, which was set, if it waits for something else. Any thread may call it."""
        ...


class ServiceThread:
    """A daemon thread that runs a body until it is stopped, and again whenever the body fails."""

    def __init__(self, body: ServiceBody, logger: logging.Logger, *, frame: Frame = PATIENT) -> None:
        """The body runs in `frame`, in a context of its own."""
        self._body = body
        self._logger = logger
        self._frame = frame
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._is_ending = False
        self._thread: threading.Thread | None = None
        self._restarts = 0
        self._last_error: str | None = None
        self._last_error_at: int | None = None
        self._settled_at = -math.inf

    @property
    def name(self) -> str:
        return self._body.name

    @property
    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def health(self) -> ServiceHealth | None:
        """How the service is now; None: it is not to run, because it was not started or was stopped."""
        if self._thread is None or self._stop.is_set():
            return None
        return ServiceHealth(
            name=self.name,
            is_alive=self.is_alive,
            is_failing=time.monotonic() < self._settled_at,
            restarts=self._restarts,
            last_error=self._last_error,
            last_error_at=self._last_error_at,
        )

    def start(self) -> None:
        """Begin. Idempotent; nothing happens after `stop`."""
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                thread = threading.Thread(target=self._supervise, name=self.name, daemon=True)
                thread.start()
                self._thread = thread

    def expect_end(self) -> None:
        """Say that what the service needs is being taken away: it goes on where it can, and failures are no news."""
        self._is_ending = True

    def request_stop(self) -> None:
        """Let the thread end soon, without waiting for it. Idempotent."""
        with self._lock:
            self._stop.set()
        self._body.wake()

    def stop(self, timeout_seconds: float = LONGEST_STOP_SECONDS) -> None:
        """End the thread and wait for it, unless it is the calling one. Idempotent."""
        self.request_stop()
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return
        thread.join(max(timeout_seconds, 0.0))
        if thread.is_alive():
            self._logger.warning("The thread %s has not ended in time and is left to itself.", self.name)

    def _supervise(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                # A context of its own for each attempt: nothing that one leaves behind reaches the next.
                contextvars.Context().run(self._run)
            except BaseException as error:  # whatever ends a service, its work must go on
                if self._stop.is_set():
                    self._logger.debug("The service %s failed while it was stopped.", self.name, exc_info=error)
                    return
                if time.monotonic() - began >= SETTLED_SECONDS:
                    pause = FIRST_PAUSE_SECONDS
                self._note(error, pause)
            if self._stop.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            self._restarts += 1
            self._settled_at = time.monotonic() + SETTLED_SECONDS

    def _run(self) -> None:
        put(self._frame)
        self._body.run(self._stop)
        if not self._stop.is_set():
            msg = f"the service {self.name} ended although nobody had stopped it"
            raise RuntimeError(msg)

    def _note(self, error: BaseException, pause: float) -> None:
        self._settled_at = math.inf
        self._last_error = "".join(traceback.format_exception_only(error)).strip()
        self._last_error_at = int(time.time() * 1000)
        if self._is_ending:
            self._logger.debug("The service %s failed while the engine ends.", self.name, exc_info=error)
            return
        # What a handler of the application's raises must not end the service.
        with contextlib.suppress(Exception):
            self._logger.error("The service %s failed; it begins again in %.1f s.", self.name, pause, exc_info=error)


def plain_health(thread: threading.Thread) -> ServiceHealth:
    """The health of a thread that looks after itself."""
    return ServiceHealth(
        name=thread.name,
        is_alive=thread.is_alive(),
        is_failing=False,
        restarts=0,
        last_error=None,
        last_error_at=None,
    )


def health_of(threads: Iterable[ServiceThread]) -> tuple[ServiceHealth, ...]:
    """How those are that are to run."""
    return tuple(found for thread in threads if (found := thread.health()) is not None)


def stop_all(threads: Sequence[ServiceThread], timeout_seconds: float = LONGEST_STOP_SECONDS) -> None:
    """End all of them at the same time; `timeout_seconds` is what it takes at most. Idempotent."""
    end = time.monotonic() + timeout_seconds
    for thread in threads:
        thread.request_stop()
    for thread in threads:
        thread.stop(end - time.monotonic())

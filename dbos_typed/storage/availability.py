"""Whether a database answers: who may try again when, told once and not for every call."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from dbos_typed.core.faults import DatabaseFault

FIRST_PAUSE_SECONDS = 0.02
MOST_PAUSE_SECONDS = 0.25
"""Bounds how long after its return the database is noticed."""
FORGOTTEN_SECONDS = 30.0
"""Attempts last no longer than this; a failure that is older has nobody who tries again."""
SETTLED_SECONDS = 30.0
"""A failure that comes sooner after the last one is part of it, unless it lasts."""
LASTING_SECONDS = 1.0
MISSED_SECONDS = 0.5
"""An outage of this length may have been one of the network too, in which signals got lost."""


class Availability:
    """What is known of one database. Its gates log as one: a line when it fails, and a line when it answers again."""

    def __init__(self, logger: logging.Logger) -> None:
        self.on_return: Callable[[], None] = _nothing
        """Called when it answers again after signals of other processes may have been missed."""
        self.reads = Gate(self, "reads", may_be_left=True)
        self.writes = Gate(self, "writes")
        self.transactions = Gate(self, "transactions", may_be_left=True)
        self.signals = Gate(self, "listening for signals")
        self.reached_at: float | None = None
        """When it answered last, in seconds since the epoch; `None` if it never did."""
        self.has_unattended = False
        """Whether a gate is shut at which nobody tries any more."""
        self._failed_at: float | None = None
        self._ended_at = -math.inf
        self._is_told = False
        self._logger = logger
        self._lock = threading.Lock()
        self._shut: set[Gate] = set()

    @property
    def last_reached_at(self) -> int | None:
        """When it answered last, in milliseconds since the epoch; `None` if it never did."""
        return _milliseconds(self.reached_at)

    @property
    def unavailable_since(self) -> int | None:
        """When it began to fail, in milliseconds since the epoch; `None` while it answers."""
        for gate in list(self._shut):
            gate.forget_old_failure()
        return _milliseconds(self._failed_at)

    def hurry(self, seconds: float) -> None:
        """Give the database up if it does not answer `seconds` from now; for closing, which must not hang on it."""
        for gate in (self.reads, self.writes, self.transactions, self.signals):
            gate.hurry(seconds)

    def close(self) -> None:
        """Let nobody wait any more."""
        for gate in (self.reads, self.writes, self.transactions, self.signals):
            gate.close()

    def shut(self, gate: Gate, fault: DatabaseFault) -> None:
        """Note that a gate is shut."""
        with self._lock:
            self._shut.add(gate)
            now = time.time()
            self._failed_at = self._failed_at or now
            # Where connections are short, say, one use succeeds and the next one fails, many times in a second.
            is_news = now - self._ended_at > SETTLED_SECONDS or now - self._failed_at > LASTING_SECONDS
            is_told, self._is_told = self._is_told, self._is_told or is_news
        if is_news and not is_told:
            self._logger.warning(
                "The database does not answer (%s: %s). What needs it waits until it does; this is told once.",
                gate.name,
                fault,
            )

    def open_unattended(self) -> None:
        """Open the gates at which nobody tries any more: the database answers, and they have nobody to find out."""
        self.has_unattended = False
        for gate in list(self._shut):
            gate.open_if_unattended()

    def opened(self, gate: Gate) -> None:
        """Note that a gate is open again."""
        with self._lock:
            self._shut.discard(gate)
            since = self._failed_at
            if self._shut or since is None:
                return
            self._failed_at = None
            self._ended_at = time.time()
            is_told, self._is_told = self._is_told, False
        seconds = self._ended_at - since
        if is_told:
            self._logger.warning("The database answers again, after %.1f seconds.", seconds)
        if seconds >= MISSED_SECONDS:
            self.on_return()


class Gate:
    """One way of using a database: whoever failed waits here for a turn to try again.

    However many wait, one of them tries at a time, after pauses that grow; the first success lets all through.
    """

    def __init__(self, availability: Availability, name: str, *, may_be_left: bool = False) -> None:
        """`may_be_left`: those who fail there may give up, and then nobody tries again."""
        self.name = name
        self._may_be_left = may_be_left
        self.is_shut = False
        self.last_fault: DatabaseFault | None = None
        """Why it was shut last."""
        self._availability = availability
        self._lock = threading.Lock()
        self._opened = threading.Event()
        self._closed = threading.Event()
        self._last_turn = math.inf
        self._failed_at = -math.inf
        self._pause = FIRST_PAUSE_SECONDS
        self._next_turn = 0.0
        self._waiting: set[asyncio.Future[None]] = set()
        self._attempts = 0

    @property
    def is_closed(self) -> bool:
        """Whether the database is given up."""
        return self._closed.is_set() or (self.is_shut and time.monotonic() >= self._last_turn)

    def failed(self, fault: DatabaseFault) -> None:
        """Shut the gate."""
        with self._lock:
            if self._closed.is_set():
                return
            self.last_fault = fault
            self._failed_at = time.monotonic()
            if not self.is_shut:
                self.is_shut = True
                self._opened.clear()
                self._pause = FIRST_PAUSE_SECONDS
                self._next_turn = time.monotonic() + self._pause
        self._availability.shut(self, fault)

    def passed(self) -> None:
        """Note a success, which opens the gate."""
        self._availability.reached_at = time.time()
        if self.is_shut:
            self._open()
            self._availability.opened(self)
        if self._availability.has_unattended:
            self._availability.open_unattended()

    @contextmanager
    def attended(self) -> Generator[None]:
        """A block in which somebody tries again and again, until it succeeds or is given up."""
        with self._lock:
            self._attempts += 1
        try:
            yield
        finally:
            with self._lock:
                self._attempts -= 1
            if self.is_shut and not self._attempts:
                self._availability.has_unattended = True

    def open_if_unattended(self) -> None:
        """Open the gate if all who failed have given up."""
        if self.is_shut and self._may_be_left and not self._attempts:
            self._open()
            self._availability.opened(self)

    def hurry(self, seconds: float) -> None:
        """Close the gate `seconds` from now if it is shut then."""
        self._last_turn = min(self._last_turn, time.monotonic() + seconds)
        if self.is_shut:
            # Whoever waits looks up, and finds how long there is.
            self._wake()

    def forget_old_failure(self) -> None:
        """Open the gate if whoever failed has given up, so that nobody would find out that the database is back."""
        if self.is_shut and time.monotonic() - self._failed_at > FORGOTTEN_SECONDS:
            self._open()
            self._availability.opened(self)

    def close(self) -> None:
        """Open the gate for good: the database is given up."""
        self._closed.set()
        self._open()

    def wait(self, seconds: float) -> None:
        """Block until the gate opens, until it is the caller's turn to try, or for `seconds`."""
        end = time.monotonic() + seconds
        while self.is_shut and (pause := min(self._turn(), min(end, self._last_turn) - time.monotonic())) > 0:
            self._opened.wait(min(pause, MOST_PAUSE_SECONDS))

    def sleep(self, seconds: float) -> None:
        """Block for `seconds`, or until the database is given up."""
        self._closed.wait(seconds)

    async def wait_async(self, seconds: float) -> None:
        """The same, holding no thread."""
        end = time.monotonic() + seconds
        loop = asyncio.get_running_loop()
        while self.is_shut and (pause := min(self._turn(), min(end, self._last_turn) - time.monotonic())) > 0:
            future: asyncio.Future[None] = loop.create_future()
            with self._lock:
                self._waiting.add(future)
            timer = loop.call_later(pause, _finish, future)
            try:
                await future
            finally:
                timer.cancel()
                with self._lock:
                    self._waiting.discard(future)

    def _turn(self) -> float:
        """How long to wait before asking again; 0 if it is the caller's turn."""
        with self._lock:
            now = time.monotonic()
            if now >= self._next_turn:
                self._next_turn = now + self._pause * random.uniform(0.75, 1.25)  # noqa: S311  # jitter, no secret
                self._pause = min(self._pause * 2, MOST_PAUSE_SECONDS)
                return 0.0
            # Spread, so that not all who wait ask at the same moment.
            return self._next_turn - now + random.uniform(0, self._pause / 4)  # noqa: S311  # jitter, no secret

    def _open(self) -> None:
        with self._lock:
            self.is_shut = False
            self._opened.set()
        self._wake()

    def _wake(self) -> None:
        """Let the coroutines that wait look up."""
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        for future in waiting:
            try:
                future.get_loop().call_soon_threadsafe(_finish, future)
            except RuntimeError:
                # The loop was closed, and whoever waited in it is gone.
                continue


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _nothing() -> None:
    """Nobody is to be told."""


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds * 1000)

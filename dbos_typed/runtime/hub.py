"""Signals within the process: who waits for what, and waking them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from dbos_typed.core.ports import Signal


class HubSubscription:
    """One waiter. A signal that comes between two waits is not lost: the next wait returns at once."""

    __slots__ = ("_event", "_future", "_hub", "_is_signalled", "_keys", "_loop")

    def __init__(self, hub: Hub, keys: tuple[Signal, ...]) -> None:
        self._hub = hub
        self._keys = keys
        self._is_signalled = False
        self._event: threading.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._future: asyncio.Future[None] | None = None

    def __enter__(self) -> Self:
        self._hub.add(self, self._keys)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._hub.remove(self, self._keys)

    def signal(self) -> None:
        """Wake the waiter; any thread may call it."""
        with self._hub.lock:
            self._is_signalled = True
            event, loop, future = self._event, self._loop, self._future
        if event is not None:
            event.set()
        if loop is not None and future is not None:
            try:
                loop.call_soon_threadsafe(_finish, future)
            except RuntimeError:
                # The loop was closed; nobody waits in it any more.
                return

    def wait(self, seconds: float | None) -> bool:
        event = threading.Event()
        with self._hub.lock:
            if self._is_signalled:
                self._is_signalled = False
                return True
            self._event = event
        # A wait of weeks overflows the lock's timeout.
        is_signalled = event.wait(None if seconds is None else min(seconds, threading.TIMEOUT_MAX))
        with self._hub.lock:
            self._event = None
            self._is_signalled = False
        return is_signalled

    async def wait_async(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._hub.lock:
            if self._is_signalled:
                self._is_signalled = False
                return
            self._loop, self._future = loop, future
        timer = None if seconds is None else loop.call_later(seconds, _finish, future)
        try:
            await future
        finally:
            if timer is not None:
                timer.cancel()
            with self._hub.lock:
                self._loop = self._future = None
                self._is_signalled = False


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class Hub:
    """Maps signals to their waiters. The first two parts of a signal name what is waited for, the rest is detail."""

    def __init__(self, on_cancel: Callable[[str, int], None]) -> None:
        """`on_cancel(workflow id, run token)` marks the run of this process, if it is the one that was cancelled."""
        self.lock = threading.Lock()
        self._waiters: dict[Signal, set[HubSubscription]] = {}
        self._on_cancel = on_cancel

    @property
    def has_callers(self) -> bool:
        """Whether anybody waits but the engine's own services, whose signals name no workflow."""
        return any(len(key) > 1 for key in list(self._waiters))

    def subscribe(self, *signals: Signal) -> HubSubscription:
        return HubSubscription(self, signals)

    def add(self, subscription: HubSubscription, keys: tuple[Signal, ...]) -> None:
        with self.lock:
            for key in keys:
                self._waiters.setdefault(key, set()).add(subscription)

    def remove(self, subscription: HubSubscription, keys: tuple[Signal, ...]) -> None:
        with self.lock:
            for key in keys:
                waiters = self._waiters.get(key)
                if waiters is not None:
                    waiters.discard(subscription)
                    if not waiters:
                        del self._waiters[key]

    def publish(self, signals: Iterable[Signal]) -> None:
        for signal in signals:
            key = signal
            if signal[0] == "cancel":
                key = signal[:2]
                if len(signal) > len(key):
                    self._on_cancel(signal[1], int(signal[2]))
            if key not in self._waiters:
                continue
            with self.lock:
                waiters = list(self._waiters.get(key, ()))
            for waiter in waiters:
                waiter.signal()

    def publish_all(self, *, is_end: bool = False) -> None:
        """Wake the waiters, because something changed and nobody knows what; with `is_end` everybody.

        Who only waits to be cancelled is told by the watch over the runs: thousands of sleeping workflows need not
        look each time that some process wrote something.
        """
        with self.lock:
            groups = (group for key, group in self._waiters.items() if is_end or key[0] != "cancel")
            waiters = {waiter for group in groups for waiter in group}
        for waiter in waiters:
            waiter.signal()

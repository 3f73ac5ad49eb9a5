"""Signals of other processes, where the database cannot push: seen by looking."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from dbos_typed.runtime.hub import Hub

LOOK_SECONDS = 0.05
"""How often the database is asked whether another process wrote to it, while somebody waits for a workflow."""
IDLE_SECONDS = 0.25
"""The same while only the engine's own services wait, which look for themselves now and then."""


class ChangeWatcher:
    """Looks for writes by other processes, and only while somebody waits."""

    name = "dbos-watcher"

    def __init__(
        self, *, data_version: Callable[[], Hashable | None], hub: Hub, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """`data_version` changes whenever another process wrote; None: it cannot be told now."""
        self._data_version = data_version
        self._look_seconds = look_seconds
        self._hub = hub
        self._known: Hashable | None = None

    def run(self, stop: threading.Event) -> None:
        if self._known is None:
            self._known = self._data_version()
        while not stop.wait(self._look_seconds if self._hub.has_callers else max(self._look_seconds, IDLE_SECONDS)):
            found = self._data_version()
            if found is not None and found != self._known:
                self._known = found
                self._hub.publish_all()

    def wake(self) -> None:
        """It waits for nothing but `stop`."""

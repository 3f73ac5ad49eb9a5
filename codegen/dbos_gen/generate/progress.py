"""How far a long run has come, for a person at a terminal."""

from __future__ import annotations

import time
from typing import Protocol, TextIO

_WIDTH = 30
_QUIET_SECONDS = 1.0
_EVERY_SECONDS = 0.1


class Progress(Protocol):
    """Is told how many of all modules are done."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Take note; `what` is what happens to the modules."""
        ...


def silent(_what: str, _done: int, _total: int, /) -> None:
    """Show nothing."""


class Bar:
    """A line that is written over again, once a run has taken a second; nothing unless a terminal shows it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()
        self._next = time.monotonic() + _QUIET_SECONDS
        self._length = 0

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """As `Progress`."""
        now = time.monotonic()
        if not self._is_shown or now < self._next:
            return
        self._next = now + _EVERY_SECONDS
        filled = _WIDTH * done // max(total, 1)
        self._write(f"{what} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}")

    def clear(self) -> None:
        """Remove the line, before something else is printed."""
        if self._length:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write(f"\r{text.ljust(self._length)}")
        self._stream.flush()
        self._length = len(text)

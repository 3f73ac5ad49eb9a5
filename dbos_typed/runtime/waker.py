"""Waking a thread that waits for sockets."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self


class Waker:
    """Something that can be waited for beside sockets, and that other threads make readable.

    A context manager that closes it.
    """

    def __init__(self) -> None:
        self._sender, self._receiver = socket.socketpair()
        # A thread that wakes must not block, even if nobody reads.
        self._sender.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sender.close()
        self._receiver.close()

    def fileno(self) -> int:
        return self._receiver.fileno()

    def wake(self) -> None:
        """Make it readable for good. Nothing happens when it is closed."""
        try:
            self._sender.send(b"\0")
        except OSError:
            # Closed: nobody waits any more. Full: it is readable already.
            return

"""The connections of the admin interface: not more than so many, and none that takes for ever to say what it wants."""

from __future__ import annotations

import contextlib
import io
import threading
import time
from socket import SHUT_RDWR, SHUT_WR, socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only there for type checkers.
    from _typeshed import WriteableBuffer

MAX_CONNECTIONS = 32
"""Served at one time, each on a thread of its own."""
READ_SECONDS = 10.0
"""In which a request must have arrived, from its first byte to its last."""
LINGER_SECONDS = 2.0
"""For which what still comes is read after a refusal: who sends to a closed connection does not see the answer."""
MAX_PASSED_OVER_BYTES = 10_000_000
"""Of a body that is not read."""
MAX_HEAD_BYTES = 65_536
"""Of the request line and the headers."""


class HeadTooLargeError(Exception):
    """A request whose headers do not end."""


class Connections:
    """Who is being served. A newcomer takes the place of whoever has been sending its request for the longest time."""

    def __init__(self, most: int = MAX_CONNECTIONS) -> None:
        self._most = most
        self._lock = threading.Lock()
        # In the order in which they came; whether its request is still arriving.
        self._open: dict[socket, bool] = {}

    def admit(self, connection: socket) -> bool:
        """Whether the connection is served; False: all others are at work."""
        with self._lock:
            if len(self._open) >= self._most:
                slowest = next((each for each, is_arriving in self._open.items() if is_arriving), None)
                if slowest is None:
                    return False
                del self._open[slowest]
                # Wakes its thread, which finds that nothing more comes and ends.
                with contextlib.suppress(OSError):
                    slowest.shutdown(SHUT_RDWR)
            self._open[connection] = True
            return True

    def arrived(self, connection: socket) -> None:
        """The request is here: it is answered, whoever comes."""
        with self._lock:
            if connection in self._open:
                self._open[connection] = False

    def release(self, connection: socket) -> None:
        """The connection is closed."""
        with self._lock:
            self._open.pop(connection, None)


class Arriving(io.RawIOBase):
    """What a client sends, until its time is over.

    Reading raises TimeoutError then, and HeadTooLargeError when more came than the head of a request may have.
    """

    def __init__(self, connection: socket, seconds: float = READ_SECONDS) -> None:
        self._connection = connection
        self._until = time.monotonic() + seconds
        self._remaining = MAX_HEAD_BYTES
        self._is_head = True

    def begin_body(self) -> None:
        """The head is over; how much follows is limited by who reads it."""
        self._is_head = False

    def pass_over(self) -> None:
        """Read what still comes after the answer, for a short time, until the client has seen that it is over."""
        self.begin_body()
        self._until = time.monotonic() + LINGER_SECONDS
        remaining = MAX_PASSED_OVER_BYTES
        buffer = bytearray(65_536)
        with contextlib.suppress(OSError):
            self._connection.shutdown(SHUT_WR)
            while remaining > 0 and (count := self.readinto(buffer)):
                remaining -= count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            msg = "the request did not arrive in time"
            raise TimeoutError(msg)
        self._connection.settimeout(seconds)
        count = self._connection.recv_into(buffer)
        self._remaining -= count
        if self._is_head and self._remaining < 0:
            raise HeadTooLargeError
        return count

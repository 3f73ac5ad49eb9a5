"""The body of a request, or what is wrong with it."""

from __future__ import annotations

from email.message import Message
from io import BufferedIOBase

from dbos_typed.integrations.admin.connections import Arriving
from dbos_typed.integrations.admin.routes import BAD_REQUEST

LENGTH_REQUIRED = 411
PAYLOAD_TOO_LARGE = 413
MAX_BODY_BYTES = 1_000_000
MAX_PASSED_OVER_BYTES = 10 * MAX_BODY_BYTES
_LONGEST_NUMBER = 18
"""Digits."""


class BodyRefusedError(Exception):
    """A body that is not read; `status` is what is answered."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def read_body(headers: Message, stream: BufferedIOBase, arriving: Arriving) -> bytes:
    """The body. BodyRefusedError: its length is missing, contradictory, too large, or not what came."""
    lengths = headers.get_all("Content-Length", ["0"])
    if headers.get("Transfer-Encoding") is not None:
        raise BodyRefusedError(LENGTH_REQUIRED, "Send the body as a whole, with Content-Length.")
    # Of several, two servers might believe two different ones.
    if len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdecimal()):
        raise BodyRefusedError(BAD_REQUEST, "Content-Length must be one number.")
    arriving.begin_body()
    length = int(lengths[0][:_LONGEST_NUMBER]) if len(lengths[0]) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
    if length > MAX_BODY_BYTES:
        _pass_over(stream, length)
        raise BodyRefusedError(PAYLOAD_TOO_LARGE, f"The body exceeds {MAX_BODY_BYTES} bytes.")
    body = stream.read(length)
    if len(body) < length:
        raise BodyRefusedError(BAD_REQUEST, "The body is shorter than Content-Length says.")
    return body


def _pass_over(stream: BufferedIOBase, length: int) -> None:
    """Read a body that is refused, as far as it is worth it: a client that still sends does not see the answer."""
    remaining = min(length, MAX_PASSED_OVER_BYTES)
    while remaining > 0 and (part := stream.read(min(remaining, 65_536))):
        remaining -= len(part)

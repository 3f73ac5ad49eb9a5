"""The body of a request, or what is wrong with it."""

from __future__ import annotations

from email.message import Message
from io import BufferedIOBase

from dbos_typed.integrations.admin.connections import Arriving
from dbos_typed.integrations.admin.routes import BAD_REQUEST

LENGTH_REQUIRED = 411
PAYLOAD_TOO_LARGE = 413
MAX_BODY_BYTES = 1_000_000
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
    length = int(lengths[0][:_LONGEST_NUMBER]) if len(lengths[0]) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
    if length > MAX_BODY_BYTES:
        raise BodyRefusedError(PAYLOAD_TOO_LARGE, f"The body exceeds {MAX_BODY_BYTES} bytes.")
    arriving.begin_body()
    body = stream.read(length)
    if len(body) < length:
        raise BodyRefusedError(BAD_REQUEST, "The body is shorter than Content-Length says.")
    return body


def has_body(headers: Message) -> bool:
    """Whether a request says that something follows its head."""
    lengths = headers.get_all("Content-Length", [])
    return headers.get("Transfer-Encoding") is not None or any(length.strip("0") for length in lengths)

"""The serializer of this process: one at a time, because what is registered is encoded in one way."""

from __future__ import annotations

from threading import Lock

from dbos_typed.api.registration import codec
from dbos_typed.config import Serializer
from dbos_typed.error import DBOSInitializationError


class SerializerHolders:
    """Who needs that values are stored in which way: the application, and clients that were given a serializer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._holders: dict[object, Serializer | None] = {}

    def after_fork(self) -> None:
        """In a forked process: a thread that is not here may hold the lock for ever."""
        self._lock = Lock()

    def hold(self, holder: object, serializer: Serializer | None) -> None:
        """Have values stored so until `release`. DBOSInitializationError: somebody else needs another way."""
        with self._lock:
            if any(each is not serializer for other, each in self._holders.items() if other is not holder):
                msg = (
                    "DBOS(config=…) and the clients of this process were given different serializers, so that values "
                    "would be stored in a way that one of them cannot read. Give all of them the same object."
                )
                raise DBOSInitializationError(msg)
            self._holders[holder] = serializer
            codec.serializer = serializer

    def release(self, holder: object) -> None:
        """Need it no more. Idempotent."""
        with self._lock:
            self._holders.pop(holder, None)
            if not self._holders:
                codec.serializer = None


serializers = SerializerHolders()
"""The holders of this process."""

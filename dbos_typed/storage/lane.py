"""One connection of the journal, which writes one batch at a time."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from dbos_typed.core.ports import Signal
from dbos_typed.core.writes import Write
from dbos_typed.storage.answers import Answer
from dbos_typed.storage.dialect import WriterConnection

T = TypeVar("T")

RETRY_FIRST_SECONDS = 0.05
RETRY_MOST_SECONDS = 2.0
RETRY_TOTAL_SECONDS = 60.0


class Applier(Protocol):
    """Applies batches; see Batch."""

    def apply(
        self, connection: WriterConnection, writes: Sequence[Write[Any]]
    ) -> tuple[list[Answer], list[Signal]]: ...


class Lane:
    """Writes batches on one connection, which it makes anew when it is lost. Hold `busy` while using it."""

    def __init__(
        self,
        *,
        connect: Callable[[], WriterConnection],
        applier: Applier,
        is_disconnect: Callable[[BaseException], bool],
        is_transient: Callable[[BaseException], bool],
        logger: logging.Logger,
    ) -> None:
        self.busy = threading.Lock()
        self.is_disconnect = is_disconnect
        self._connect = connect
        self._applier = applier
        self._is_transient = is_transient
        self._logger = logger
        self._is_closed = False
        self._last_try = math.inf
        self._connection: WriterConnection | None = connect()

    def with_connection(self, use: Callable[[WriterConnection], T]) -> T | None:
        """Use the connection between batches; None when a batch is being written."""
        if not self.busy.acquire(blocking=False):
            return None
        try:
            return None if self._connection is None or self._is_closed else use(self._connection)
        finally:
            self.busy.release()

    def apply(self, writes: Sequence[Write[Any]]) -> tuple[list[Answer], list[Signal]]:
        """Write a batch, again after a lost connection: every write finds its own effect when it is repeated."""
        pause = RETRY_FIRST_SECONDS
        end = time.monotonic() + RETRY_TOTAL_SECONDS
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect()
                return self._applier.apply(self._connection, writes)
            except Exception as error:
                is_lost = self._connection is None or self.is_disconnect(error)
                is_over = self._is_closed or time.monotonic() > min(end, self._last_try)
                if is_over or not (is_lost or self._is_transient(error)):
                    raise
                self._logger.warning("The database did not take a write (%s); trying again in %.2f s.", error, pause)
                if is_lost:
                    self._drop()
            time.sleep(min(pause, max(self._last_try - time.monotonic(), 0.0)))
            pause = min(pause * 2, RETRY_MOST_SECONDS)

    def hurry(self, seconds: float) -> None:
        """From now on, try again for at most `seconds` in all when the connection is lost."""
        self._last_try = min(self._last_try, time.monotonic() + seconds)

    def give_up(self) -> None:
        """Do not try again when the connection is lost from now on."""
        self._is_closed = True

    def close(self) -> None:
        """Close the connection after the batch that is being written. Idempotent."""
        self.give_up()
        with self.busy:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:
                self._logger.debug("Closing a lost connection failed.", exc_info=True)

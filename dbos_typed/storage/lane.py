"""One connection of the journal, which writes one batch at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.core.ports import Signal
from dbos_typed.core.writes import Write
from dbos_typed.storage.answers import Answer
from dbos_typed.storage.dialect import WriterConnection
from dbos_typed.storage.faults import fault_of

T = TypeVar("T")


class Applier(Protocol):
    """Applies batches; see Batch."""

    def apply(
        self, connection: WriterConnection, writes: Sequence[Write[Any]]
    ) -> tuple[list[Answer], list[Signal]]: ...


class Lane:
    """Writes batches on one connection, which it makes anew after anything went wrong. Hold `busy` while using it."""

    def __init__(self, *, connect: Callable[[], WriterConnection], applier: Applier, logger: logging.Logger) -> None:
        self.busy = threading.Lock()
        self.writing_since: float | None = None
        """The monotonic time from which on the oldest write of the batch at work has waited."""
        self._connect = connect
        self._applier = applier
        self._logger = logger
        self._is_closed = False
        self._connection: WriterConnection | None = connect()

    def with_connection(self, use: Callable[[WriterConnection], T]) -> T | None:
        """Use the connection between batches; `None` while a batch is being written or the database does not answer."""
        if not self.busy.acquire(blocking=False):
            return None
        try:
            if self._is_closed:
                return None
            if self._connection is None:
                self._connection = self._connect()
            return use(self._connection)
        except Exception:
            self._drop()
            self._logger.debug("The journal's connection could not be used.", exc_info=True)
            return None
        finally:
            self.busy.release()

    def apply(self, writes: Sequence[Write[Any]]) -> tuple[list[Answer], list[Signal]]:
        """Write a batch.

        Raises DatabaseFault if the database did not take it or did not answer: it can be repeated, because every write
        finds its own effect.
        """
        is_fresh = self._connection is None
        try:
            return self._attempt(writes)
        except DatabaseFault as fault:
            # A connection that was idle may have been lost long ago, and says nothing about now.
            if is_fresh or fault.kind is FaultKind.BUSY:
                raise
        return self._attempt(writes)

    def _attempt(self, writes: Sequence[Write[Any]]) -> tuple[list[Answer], list[Signal]]:
        try:
            if self._connection is None:
                self._connection = self._connect()
            return self._applier.apply(self._connection, writes)
        except BaseException as error:
            # What is prepared, and in which transaction it is, nobody knows of a connection that failed.
            self._drop()
            fault = fault_of(error)
            if fault is None:
                raise
            raise fault from error

    def close(self) -> None:
        """Close the connection after the batch that is being written. Idempotent."""
        self._is_closed = True
        with self.busy:
            self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:
                self._logger.debug("Closing a lost connection failed.", exc_info=True)

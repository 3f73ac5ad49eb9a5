"""Signals of other processes, pushed by PostgreSQL."""

from __future__ import annotations

import logging
import selectors
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn
from psycopg.rows import TupleRow

from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.notifications import signals_of
from dbos_typed.runtime.waker import Waker
from dbos_typed.storage.availability import Gate
from dbos_typed.storage.faults import fault_of

RECONNECT_FIRST_SECONDS = 0.05
RECONNECT_MOST_SECONDS = 0.5
CHECK_SECONDS = 10.0
"""After so much silence the connection is checked: one whose other end has vanished looks like a silent one."""
ANSWER_SECONDS = 2.0
"""How long the answer to a check may take."""


class PostgresListener:
    """Hears NOTIFY on one connection of its own, which it makes anew when it is lost."""

    name = "dbos-listener"

    def __init__(
        self,
        *,
        connect: Callable[[], AbstractContextManager[psycopg.Connection[TupleRow]]],
        channel: str,
        hub: Hub,
        gate: Gate,
        logger: logging.Logger,
        on_session: Callable[[psycopg.Connection[TupleRow] | None], None] = lambda _: None,
    ) -> None:
        """`on_session` is given each new session before signals are heard on it, and None when it is lost."""
        self._connect = connect
        self._channel = channel
        self._hub = hub
        self._gate = gate
        self._logger = logger
        self._on_session = on_session
        self._waker: Waker | None = None

    def run(self, stop: threading.Event) -> None:
        pause = RECONNECT_FIRST_SECONDS
        # Waiting for the server and for `stop` at once takes something that both can make readable.
        with Waker() as self._waker:
            while not stop.is_set():
                try:
                    with self._connect() as connection:
                        connection.execute("SET application_name TO 'dbos_typed listener'")
                        self._on_session(connection)
                        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
                        self._gate.passed()
                        pause = RECONNECT_FIRST_SECONDS
                        # What was sent while nobody listened is not sent again.
                        self._hub.publish_all()
                        self._listen(connection.pgconn, stop, self._waker)
                except psycopg.Error as error:
                    if stop.is_set():
                        return
                    fault = fault_of(error)
                    if fault is None:
                        raise
                    self._on_session(None)
                    self._gate.failed(fault)
                    stop.wait(pause)
                    pause = min(pause * 2, RECONNECT_MOST_SECONDS)

    def wake(self) -> None:
        if self._waker is not None:
            self._waker.wake()

    def _listen(self, connection: PGconn, stop: threading.Event, waker: Waker) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.socket, selectors.EVENT_READ)
            selector.register(waker, selectors.EVENT_READ)
            while not stop.is_set():
                if selector.select(CHECK_SECONDS):
                    connection.consume_input()
                else:
                    self._check(connection, selector, stop)
                while (notification := connection.notifies()) is not None:
                    self._hear(notification.extra)

    def _hear(self, payload: bytes) -> None:
        signals = signals_of(payload.decode(errors="replace"))
        if signals is None:
            self._logger.debug("A notification of another program was ignored: %.200r", payload)
        else:
            self._hub.publish(signals)

    def _check(self, connection: PGconn, selector: selectors.BaseSelector, stop: threading.Event) -> None:
        """One round trip. psycopg.OperationalError: the connection is lost."""
        connection.send_query(b"SELECT 1")
        end = time.monotonic() + ANSWER_SECONDS
        while not stop.is_set():
            connection.consume_input()
            if not connection.is_busy():
                result = connection.get_result()
                if result is None:
                    self._gate.passed()
                    return
                if result.status != ExecStatus.TUPLES_OK:
                    raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
                continue
            remaining = end - time.monotonic()
            if remaining <= 0:
                msg = f"the server did not answer within {ANSWER_SECONDS} s"
                raise psycopg.OperationalError(msg)
            selector.select(remaining)

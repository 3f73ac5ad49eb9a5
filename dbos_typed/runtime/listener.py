"""Signals from other processes."""

from __future__ import annotations

import json
import logging
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from dbos_typed.runtime.hub import Hub

RECONNECT_FIRST_SECONDS = 0.2
RECONNECT_MOST_SECONDS = 5.0
CHECK_SECONDS = 0.05
"""How often a database without notifications is asked whether another process wrote to it, while somebody waits."""


class RemoteListener(Protocol):
    """A service that hears signals of other processes and hands them to the hub."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Idempotent."""
        ...


class PostgresListener:
    """Hears NOTIFY on one connection of its own."""

    def __init__(
        self,
        *,
        connect: Callable[[], AbstractContextManager[psycopg.Connection[TupleRow]]],
        channel: str,
        hub: Hub,
        logger: logging.Logger,
    ) -> None:
        self._connect = connect
        self._channel = channel
        self._hub = hub
        self._logger = logger
        self._stop = threading.Event()
        # Waiting for the server and for `stop` at once takes something that both can make readable.
        self._waker, self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="dbos-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._stop.is_set():
            return
        self._stop.set()
        self._waker.send(b"\0")
        if self._thread.is_alive():
            self._thread.join()
        self._waker.close()
        self._wake.close()

    def _run(self) -> None:
        pause = RECONNECT_FIRST_SECONDS
        while not self._stop.is_set():
            try:
                with self._connect() as connection:
                    connection.execute("SET application_name TO 'dbos_typed listener'")
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
                    pause = RECONNECT_FIRST_SECONDS
                    # What was sent while nobody listened is not sent again.
                    self._hub.publish_all()
                    self._listen(connection)
            except psycopg.Error as error:
                if self._stop.is_set():
                    return
                self._logger.warning("The listening connection was lost (%s); connecting again.", error)
                self._stop.wait(pause)
                pause = min(pause * 2, RECONNECT_MOST_SECONDS)

    def _listen(self, connection: psycopg.Connection[TupleRow]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._wake, selectors.EVENT_READ)
            while not self._stop.is_set():
                selector.select()
                for notification in connection.notifies(timeout=0):
                    self._hub.publish(tuple(signal) for signal in json.loads(notification.payload))


class ChangeWatcher:
    """Looks for writes by other processes to a database that cannot push, and only while somebody waits."""

    def __init__(self, *, data_version: Callable[[], int | None], hub: Hub) -> None:
        """`data_version` changes whenever another process wrote; None: it cannot be told now."""
        self._data_version = data_version
        self._hub = hub
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dbos-watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        known = self._data_version()
        while not self._stop.wait(CHECK_SECONDS):
            if not self._hub.has_waiters:
                continue
            found = self._data_version()
            if found is not None and found != known:
                known = found
                self._hub.publish_all()

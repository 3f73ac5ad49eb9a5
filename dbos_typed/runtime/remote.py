"""How the signals of other processes are heard on one kind of database or the other."""

from __future__ import annotations

import logging

from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.listener import ChangeWatcher, PostgresListener, RemoteListener
from dbos_typed.storage.database import Database
from dbos_typed.storage.postgres import lone_connection
from dbos_typed.storage.sqlite import SqliteWriter


def listener_of(database: Database, hub: Hub, logger: logging.Logger) -> RemoteListener:
    """The listener that suits the database; not started yet."""
    if database.dialect.has_notify:
        return PostgresListener(
            connect=lambda: lone_connection(database.engine),
            channel=database.dialect.channel,
            hub=hub,
            logger=logger,
        )
    return ChangeWatcher(
        data_version=lambda: database.journal.with_connection(
            lambda connection: connection.data_version() if isinstance(connection, SqliteWriter) else 0
        ),
        hub=hub,
    )

"""How the signals of other processes are heard on one kind of database or the other."""

from __future__ import annotations

import logging
from collections.abc import Callable

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy import Engine

from dbos_typed.core.faults import DatabaseFault
from dbos_typed.runtime.change_watcher import ChangeWatcher
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.listener import PostgresListener
from dbos_typed.runtime.services.supervision import ServiceBody, ServiceThread
from dbos_typed.storage.connecting import parse_url
from dbos_typed.storage.database import Database
from dbos_typed.storage.postgres import lone_connection, open_postgres, session_lock
from dbos_typed.storage.sqlite import SqliteWriter

POOLED_LOOK_SECONDS = 1.0
"""How often a server behind a pooler, on which nobody can listen, is asked whether somebody wrote."""


def listener_of(
    database: Database,
    hub: Hub,
    logger: logging.Logger,
    listen_url: str | None = None,
    on_lock: Callable[[str | None], None] | None = None,
) -> ServiceThread:
    """The thread that hears signals of other processes and hands them to the hub; not started yet.

    `listen_url` is the database without the pooler that stands before it. `on_lock` is told the name of the lock that
    the session of the thread holds, and None when it holds none: because it lost it, or, at once, because the thread
    has no session.
    """
    return ServiceThread(_body(database, hub, logger, listen_url, on_lock), logger)


def _body(
    database: Database,
    hub: Hub,
    logger: logging.Logger,
    listen_url: str | None,
    on_lock: Callable[[str | None], None] | None,
) -> ServiceBody:
    if database.dialect.has_notify and (listen_url is not None or not database.dialect.is_pooled):
        engine = database.engine if listen_url is None else open_postgres(parse_url(listen_url), pool_size=1)
        return _postgres_listener(database, engine, hub, logger, on_lock)
    if on_lock is not None:
        on_lock(None)
    if not database.dialect.has_notify:
        return ChangeWatcher(data_version=lambda: _data_version(database), hub=hub)
    return ChangeWatcher(data_version=lambda: _newest_transaction(database), hub=hub, look_seconds=POOLED_LOOK_SECONDS)


def _postgres_listener(
    database: Database, engine: Engine, hub: Hub, logger: logging.Logger, on_lock: Callable[[str | None], None] | None
) -> PostgresListener:
    def on_session(session: psycopg.Connection[TupleRow] | None) -> None:
        if on_lock is not None:
            on_lock(None if session is None else session_lock(session))

    return PostgresListener(
        connect=lambda: lone_connection(engine),
        channel=database.dialect.channel,
        hub=hub,
        gate=database.availability.signals,
        logger=logger,
        on_session=on_session,
    )


def _data_version(database: Database) -> tuple[int, int] | None:
    return database.journal.with_connection(
        lambda connection: connection.data_version() if isinstance(connection, SqliteWriter) else None
    )


def _newest_transaction(database: Database) -> int | None:
    try:
        return database.reader.newest_transaction()
    except DatabaseFault:
        # Whoever waits looks for itself now and then.
        return None
